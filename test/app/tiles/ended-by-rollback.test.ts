import { expect, it } from 'vitest';
import { endedByRollback } from '@/app/_components/tiles/ended-by-rollback';
import type { AttemptEnd, BreachSpan } from '@/lib/api/story';

const clock = (time: string) => `2026-03-02T${time}.000Z`;
const end = (over: Partial<AttemptEnd> = {}): AttemptEnd => ({
  ...{ at: clock('11:19:43'), by: 'watchdog', verb: 'rollback', stage: 'D1', share: 0.1 },
  ...{ metric: 'failure_rate', value: 0.4, reason: null, journal_id: 3, ...over },
});
const span = (over: Partial<BreachSpan> = {}): BreachSpan => ({
  ...{ arm: 'runware', metric: 'failure_rate', from: clock('11:14:40'), to: clock('11:19:40'), ...over },
});
const told = (ended: AttemptEnd | null, ...breaches: BreachSpan[]) => {
  const attempts = [{ from: clock('10:00:00'), steps: [], marks: [], ended }];
  return endedByRollback({ arm: 'runware', metric: 'failure_rate' }, { attempts, breaches });
};

it('is the breach that was going on at the rollback', () => {
  const was = { from: clock('11:14:40'), at: clock('11:19:43') };
  expect(told(end(), span())).toEqual(was);
  expect(told(end(), span({ from: clock('10:10:00'), to: clock('10:20:00') }), span({ arm: null, to: null }))).toEqual(
    was,
  );
});

it.each<[string, AttemptEnd | null, BreachSpan]>([
  ['it goes on', null, span()],
  ['it ended by another verb', end({ verb: 'set' }), span()],
  ['the breach was over before', end(), span({ to: clock('11:15:00') })],
  ['the breach came after', end(), span({ from: clock('11:20:00'), to: null })],
  ['another arm was over', end(), span({ arm: 'other' })],
  ['another line was over', end(), span({ metric: 'p95_latency_ms' })],
])('is nothing where %s', (_, ended, breach) => {
  expect(told(ended, breach)).toBeNull();
});
