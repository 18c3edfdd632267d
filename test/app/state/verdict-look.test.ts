import { expect, it } from 'vitest';
import { lineLook } from '@/app/_components/state/verdict-look';
import type { RedLineView } from '@/lib/api/snapshot';
import { fakeLine, fakeSnapshot } from '@/test/fakes/snapshot';

const few = { observation: { ...fakeSnapshot().observation, requests: 3 } };
const out = { weights: { fal: 1, runware: 0 } };

it.each<[RedLineView['verdict'], object, string, string]>([
  ['ok', {}, 'ok', 'well'],
  ['ok', few, 'not_enough', 'unknown'],
  ['breach', few, 'breach', 'breach'],
  // Its window still holds what went there; nothing does any more.
  ['held', out, 'was_over', 'unknown'],
  ['shared_cause', out, 'was_over', 'unknown'],
  ['ok', out, 'was_ok', 'unknown'],
  ['no_traffic', out, 'no_traffic', 'unknown'],
])('of %s with %o is %s', (verdict, change, name, tone) => {
  expect(lineLook(fakeLine({ verdict }), fakeSnapshot(change))).toMatchObject({ name, tone });
});

it('speaks in the present of jobs that run on without a share, and not of those that were refused', () => {
  const lookOf = (metric: RedLineView['metric']) =>
    lineLook(fakeLine({ metric, verdict: 'held' }), fakeSnapshot(out)).name;
  expect([lookOf('end_failure_rate'), lookOf('accept_failure_rate')]).toEqual(['held', 'was_over']);
});
