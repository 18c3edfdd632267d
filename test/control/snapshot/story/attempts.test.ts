import { expect, it } from 'vitest';
import { attemptsOf, rearmedOf } from '@/lib/control/snapshot/story/attempts';
import type { StoryChange } from '@/lib/control/snapshot/story/story-store';

const weights = (share: number) => JSON.stringify({ fal: 1 - share, runware: share });
let id = 0;
const change = (minute: number, from: number, to: number, over: Partial<StoryChange> = {}): StoryChange => ({
  ...{ id: ++id, at: new Date(Date.UTC(2026, 2, 2, 9, minute)), actor: 'operator:ann', verb: 'advance' },
  ...{ was: weights(from), becomes: weights(to), stage_from: null, stage_to: null, reason: null },
  ...{ metric: null, value: null, ...over },
});
const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 9, minute)).toISOString();
const told = (...changes: StoryChange[]) => attemptsOf(changes.toReversed(), 'fal');

const fell = { stage_from: 'D2', stage_to: 'rolled_back', verb: 'rollback', actor: 'watchdog' } as const;

it('tells each attempt from its first share to its last, and from how far it fell and why', () => {
  const [first, second, ...more] = told(
    change(0, 0, 0.1, { stage_to: 'D1' }),
    change(5, 0.1, 0.5, { stage_from: 'D1', stage_to: 'D2' }),
    change(18, 0.5, 0, { ...fell, metric: 'failure_rate', value: 0.31, reason: 'it fails' }),
    change(20, 0, 0, { verb: 'rearm' }),
    change(30, 0, 0.1, { stage_to: 'D1' }),
    change(31, 0.1, 0.1, { verb: 'pause' }),
  );
  expect(more).toEqual([]);
  expect(first).toMatchObject({ from: at(0), ended: { at: at(18), by: 'watchdog', stage: 'D2', share: 0.5 } });
  expect(first?.ended).toMatchObject({ metric: 'failure_rate', value: 0.31, reason: 'it fails' });
  expect(first?.steps.map(({ weights, stage }) => [weights.runware, stage])).toEqual([
    [0.1, 'D1'],
    [0.5, 'D2'],
    [0, 'rolled_back'],
  ]);
  expect(second).toMatchObject({ from: at(30), ended: null });
  expect(second?.marks.map(({ verb, stage }) => [verb, stage])).toEqual([
    ['advance', 'D1'],
    ['pause', null],
  ]);
});

it('begins with what was, where the beginning is not known any more', () => {
  const [only] = told(change(3, 0.1, 0.5, { stage_from: 'D1', stage_to: 'D2' }));
  expect(only).toMatchObject({ from: at(3), ended: null });
  expect(only?.steps.map(({ weights }) => weights.runware)).toEqual([0.1, 0.5]);
});

it('is bounded: the last attempts, and the last steps of each', () => {
  const rounds = Array.from({ length: 9 }, (_, round) => [
    change(round * 4, 0, 0.1),
    change(round * 4 + 1, 0.1, 0),
  ]).flat();
  expect(told(...rounds).map(({ from }) => from)).toEqual([3, 4, 5, 6, 7, 8].map((round) => at(round * 4)));
  const steps = Array.from({ length: 100 }, (_, step) => change(step / 10, step / 1000, (step + 1) / 1000));
  const [long] = told(...steps);
  expect(long?.steps).toHaveLength(60);
  expect(long?.from).toBe(long?.steps[0]?.at);
  expect(long?.marks).toHaveLength(40);
});

it('goes on by the last shares where what was written is none, and tells nothing of a split that never moved', () => {
  expect(told(change(0, 0, 0.1), change(1, 0.1, 0.1, { becomes: 'half of it' }))[0]?.ended).toBeNull();
  expect(told()).toEqual([]);
  expect(told(change(0, 0, 0, { was: null }))).toEqual([]);
});

it('knows who let it begin again, until a candidate has a share again', () => {
  const back = change(18, 0.5, 0, fell);
  const again = change(20, 0, 0, { verb: 'rearm', reason: 'mended' });
  const said = { at: at(20), by: 'operator:ann', reason: 'mended', journal_id: again.id };
  const known = (...changes: StoryChange[]) => rearmedOf(changes.toReversed(), 'fal');
  expect(known(back)).toBeNull();
  expect(known(back, again)).toEqual(said);
  expect(known(back, again, change(25, 0, 0, { verb: 'pause' }))).toEqual(said);
  expect(known(back, again, change(30, 0, 0.1, { stage_to: 'D1' }))).toBeNull();
  expect(known(back, again, change(30, 0, 0.1), change(31, 0.1, 0, fell))).toBeNull();
});
