import { expect, it } from 'vitest';
import { formOf } from '@/app/_components/actions/form-of';
import type { Snapshot } from '@/lib/api/snapshot';
import { fakeSnapshot } from '../../fakes/snapshot';

const [baseline, candidate] = fakeSnapshot().arms as [Snapshot['arms'][number], Snapshot['arms'][number]];
const begun = '2026-03-02T10:00:00.000Z';
const fell = { at: '2026-03-02T11:00:00.000Z', by: 'watchdog', reason: null, journal_id: 7 };
const later = '2026-03-02T11:10:00.000Z';
const seen = fakeSnapshot({ version: 7, rollout_started_at: begun, latched: fell });
const ofArm = (change: Partial<Snapshot['arms'][number]>) => ({
  ...seen,
  arms: [baseline, { ...candidate, ...change }],
});
const { name } = candidate;

it.each<[string, string, string, 'same' | 'other']>([
  ['advance, after a pause', formOf('advance', seen), formOf('advance', { ...seen, version: 8 }), 'other'],
  ['pause, the next one', formOf('pause', seen), formOf('pause', { ...seen, version: 8 }), 'other'],
  ['rearm, of the same rollback', formOf('rearm', seen), formOf('rearm', { ...seen, version: 8 }), 'same'],
  [
    'rearm, of a later rollback',
    formOf('rearm', seen),
    formOf('rearm', { ...seen, latched: { ...fell, at: later } }),
    'other',
  ],
  [
    'rearm of an arm, of a later rollback',
    formOf('rearm', ofArm({ latched: fell }), name),
    formOf('rearm', ofArm({ latched: { ...fell, at: later } }), name),
    'other',
  ],
  ['rollback, while somebody pauses', formOf('rollback', seen), formOf('rollback', { ...seen, version: 8 }), 'same'],
  [
    'rollback, of a later rollout',
    formOf('rollback', seen),
    formOf('rollback', { ...seen, rollout_started_at: later }),
    'other',
  ],
  [
    'rollback of an arm that began anew',
    formOf('rollback', ofArm({ rollout_started_at: begun }), name),
    formOf('rollback', ofArm({ rollout_started_at: later }), name),
    'other',
  ],
  ['rollback, of all or of one', formOf('rollback', seen), formOf('rollback', seen, name), 'other'],
])('a reason for %s, is of the %s', (_, one, two, whether) => {
  expect(one === two ? 'same' : 'other').toBe(whether);
});
