import { expect, it } from 'vitest';
import { byUrgency, groupOf, isFound, splitNext } from '@/app/_components/splits/split-next';
import type { SplitItem } from '@/lib/api/splits-view';

const nowMs = Date.parse('2026-03-02T12:00:00Z');
const later = '2026-03-02T12:10:00.000Z';
const split = (over: Partial<SplitItem> = {}): SplitItem => ({
  ...{ slug: 'clip', key: 'CLIP_WEIGHTS', kind: 'image', label: 'Clips', prefixes: [] },
  ...{ is_default: false, archived_at: null },
  ...{
    version: 3,
    weights: { old: 0.9, new: 0.1 },
    stage: 'D1',
    without: [],
    baseline: 'old',
    candidate_share: 0.1,
    worst: 'ok',
  },
  ...{ worst_line: null, error: null, next: 'D2', eligible_at: later, since: '2026-03-02T11:00:00.000Z', by: 'ann' },
  ...{ paused_by: null, pause_reason: null },
  ...{ paused: false, rolled_back: false, rearmed_by: null, shares: [], per_minute: 4, image_hours: null, ...over },
});
const line = { arm: 'new', metric: 'failure_rate', value: 0.1, limit: 0.02, over_since: null, acts_at: later } as const;

const cases: readonly [string, Partial<SplitItem>, string][] = [
  ['rolls_back_in', { worst: 'breach', worst_line: line, paused: true }, 'person'],
  ['look', { worst: 'held', worst_line: { ...line, acts_at: null } }, 'person'],
  ['look', { error: 'no policy' }, 'person'],
  ['rearm', { rolled_back: true, candidate_share: 0, worst: 'held' }, 'person'],
  ['paused', { paused: true }, 'person'],
  ['waits', { eligible_at: '2026-03-02T11:59:00.000Z' }, 'person'],
  ['may_begin_in', {}, 'moving'],
  ['last', { next: null, eligible_at: null }, 'moving'],
  ['start', { candidate_share: 0, stage: 'baseline' }, 'rest'],
  ['start_again', { candidate_share: 0, stage: 'baseline', rearmed_by: 'operator:ann' }, 'rest'],
  ['nothing', { weights: null, candidate_share: null, worst: null }, 'rest'],
  ['nothing', { archived_at: '2026-03-01T00:00:00.000Z' }, 'rest'],
];

it.each(cases)('%s', (kind, over, group) => {
  expect(splitNext(split(over), nowMs)).toEqual(kind.endsWith('_in') ? { kind, at: later } : { kind });
  expect(groupOf(split(over), nowMs)).toBe(group);
});

it('promises no rollback that is overdue, or that the list has not heard of for a while', () => {
  const over = split({ worst: 'breach', worst_line: line });
  const due = Date.parse(later);
  expect([splitNext(over, due - 1).kind, splitNext(over, due).kind]).toEqual(['rolls_back_in', 'look']);
  expect(splitNext(over, nowMs, true).kind).toBe('look');
});

it('puts first what needs a person most, and of the same what moved last', () => {
  const all = cases.map(([, over], index) => split({ ...over, slug: `s${index}` }));
  const mixed = [split({ slug: 'newer', since: '2026-03-02T11:30:00.000Z' }), ...all.toReversed()];
  expect(byUrgency(mixed, nowMs).map(({ slug }) => slug)).toEqual(
    'S0 S2 S1 S3 S4 S5 Newer S6 S7 S9 S8 S11 S10'.toLowerCase().split(' '),
  );
});

it('is found by name, slug, key, stage and who moved it', () => {
  const found = (text: string) => isFound(split(), text);
  expect([' CLIPS ', 'clip_w', 'd1', 'ANN', ''].map(found)).toEqual([true, true, true, true, true]);
  expect(found('film')).toBe(false);
});
