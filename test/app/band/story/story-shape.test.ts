import { expect, it } from 'vitest';
import { gatherMarks, listPlace } from '@/app/_components/band/story/gather-marks';
import { storyShape } from '@/app/_components/band/story/story-shape';
import type { RolloutAttempt, StoryMark } from '@/lib/api/story';
import { fakeSnapshot } from '@/test/fakes/snapshot';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString();
const mark = (minute: number, verb: string): StoryMark => ({
  at: at(minute),
  verb,
  by: 'ann',
  stage: null,
  journal_id: 1,
});
const attempt: RolloutAttempt = {
  from: at(0),
  steps: [
    { at: at(0), weights: { fal: 0.8, runware: 0.1, small: 0.1 }, stage: 'D1' },
    { at: at(50), weights: { fal: 0.4, runware: 0.5, small: 0.1 }, stage: 'D2' },
  ],
  marks: [mark(0, 'advance'), mark(20, 'pause'), mark(40, 'resume'), mark(44, 'pause'), mark(50, 'advance')],
  ended: null,
};
const breaches = [
  { arm: 'runware', metric: 'failure_rate', from: at(90), to: null },
  { arm: 'runware', metric: 'failure_rate', from: at(-20), to: at(-10) },
] as const;
const snapshot = fakeSnapshot({ now: at(100), story: { attempts: [attempt], breaches, rearmed: null } });

it('stacks the candidates from the foot, in steps, up to now', () => {
  const { areas, stages, fromMs, toMs } = storyShape(attempt, snapshot, ['fal', 'runware', 'small']);
  expect([fromMs, toMs]).toEqual([Date.parse(at(0)), Date.parse(at(100))]);
  expect(areas).toEqual([
    { arm: 'runware', path: 'M0,90L500,90L500,50L1000,50L1000,100L500,100L500,100L0,100Z' },
    { arm: 'small', path: 'M0,80L500,80L500,40L1000,40L1000,50L500,50L500,90L0,90Z' },
  ]);
  expect(stages).toEqual([
    { x: 0, width: 500, stage: 'D1', share: 0.2 },
    { x: 500, width: 500, stage: 'D2', share: 0.6 },
  ]);
});

it('shades breaches of its time, and pauses up to what ended them', () => {
  const shape = storyShape(attempt, snapshot, []);
  expect(shape.breaches.map(({ x, width }) => [x, width])).toEqual([[900, 100]]);
  expect(shape.pauses).toEqual([
    { x: 200, width: 200 },
    { x: 440, width: 60 },
  ]);
});

it('puts marks together that would touch each other, however wide the rail is, at its edges too', () => {
  const { marks } = storyShape(attempt, snapshot, []);
  const on = (railPx: number) =>
    gatherMarks(marks, railPx).map(({ leftPx, marks: together }) => [
      leftPx,
      together.map(({ verb }) => verb).join(' '),
    ]);
  expect(on(700)).toEqual([
    [0, 'advance'],
    [128, 'pause'],
    [268, 'resume'],
    [296, 'pause'],
    [338, 'advance'],
  ]);
  expect(on(200)).toEqual([
    [0, 'advance'],
    [28, 'pause'],
    [68, 'resume pause advance'],
  ]);
  // A mark at the very end stands inside the rail, where another may stand already.
  const late = [...marks, { x: 995, mark: mark(99, 'pause') }, { x: 1000, mark: mark(100, 'resume') }];
  expect(gatherMarks(late, 700).at(-1)).toMatchObject({ leftPx: 664, marks: [{ verb: 'pause' }, { verb: 'resume' }] });
});

it.each([
  ['from marks at the left to the right', 0, 304, [0, 256]],
  ['around marks in the middle of a phone', 140, 304, [48, 256]],
  ['up to the right edge', 268, 304, [48, 256]],
  ['on a rail that is shorter, over all of it', 100, 200, [0, 200]],
])('opens a list %s', (_, leftPx, railPx, [from, long]) => {
  const list = listPlace(leftPx, railPx);
  expect([leftPx + list.leftPx, list.widthPx]).toEqual([from, long]);
});

it('shows a little of what came after an end, whenever that was', () => {
  const step = { at: at(50), weights: { fal: 1, runware: 0 }, stage: 'rolled_back' };
  const [first] = attempt.steps;
  const end = { at: at(50), by: 'watchdog', verb: 'rollback', stage: 'D1', share: 0.2, metric: null, value: null };
  const ended = {
    ...attempt,
    steps: [...(first ? [first] : []), step],
    ended: { ...end, reason: null, journal_id: 2 },
  };
  const shape = storyShape(ended, snapshot, ['fal', 'runware', 'small']);
  expect((shape.toMs - shape.fromMs) / 60_000).toBe(56);
  expect(shape.stages.map(({ stage }) => stage)).toEqual(['D1']);
});
