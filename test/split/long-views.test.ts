import { describe, expect, it } from 'vitest';
import { EvenSchedule, whole } from '@/lib/split/pick';
import { readWeightsValue } from '@/lib/split/weights';
import {
  at,
  decided,
  isoAt,
  liveState,
  oneLine,
  replayed,
  rowOf,
  type SceneEvent,
  steady,
  weightsRow,
} from '@/test/rule/scene';

const policy = oneLine('failure_rate');
const rows = (...scenes: SceneEvent[][]) => scenes.flat().map((event) => rowOf(event));
const d1 = (seconds: number) => weightsRow(seconds, '{"fal":0.9,"runware":0.1}');

describe('a quiet stretch of a replay', () => {
  it('is leapt over only once every window is empty, to the tick of what happens next', () => {
    const lines = [
      d1(-600),
      ...rows(steady(-600, 0, 2), steady(5000, 5100, 2)),
      weightsRow(3000, '{"fal":0.5,"runware":0.5}'),
    ];
    const report = replayed(lines, { policy });
    expect(report.verdicts.slice(-4).map((each) => [each.at, each.verdict])).toEqual([
      [isoAt(290), 'insufficient'],
      [isoAt(300), 'no_traffic'],
      [isoAt(5010), 'insufficient'],
      [isoAt(5020), 'ok'],
    ]);
    expect(report.flag_writes.map((each) => each.stage)).toEqual(['D1', 'D2']);
    expect(report.to).toBe(isoAt(5100));
  });

  it('looks back a day for what a rollout freezes, to the second', () => {
    const cost = oneLine('cost_per_image');
    const limit = (secondsBefore: number) =>
      replayed(
        [
          ...rows([{ atSeconds: -secondsBefore, provider: 'fal', costUsd: 0.05 }]),
          ...[d1(0), ...rows(steady(0, 900, 10, { costUsd: 0.01 }))],
        ],
        { policy: cost },
      ).verdicts.at(-1)?.limit;
    expect([limit(86_395), limit(86_405)]).toEqual([0.06, null]);
  });

  it('takes a write at the very instant of --until', () => {
    const lines = [d1(0), weightsRow(100, '{"fal":0.5,"runware":0.5}'), weightsRow(101, '{"fal":1,"runware":0}')];
    const report = replayed(lines, { policy, untilMs: at(100) });
    expect(report.flag_writes.map((each) => each.stage)).toEqual(['D1', 'D2']);
  });

  it('takes free images as priced at nothing', () => {
    const lines = [...rows(steady(-600, 0, 10, { provider: 'fal', costUsd: 0.05 })), d1(0)];
    const free = steady(0, 900, 10).map((event) =>
      JSON.stringify({
        event_type: 'gen_route',
        event_data: { provider: 'runware', latency_ms: 10, cost_per_image: 0 },
        created_at: isoAt(event.atSeconds),
      }),
    );
    expect(replayed([...lines, ...free], { policy: oneLine('cost_per_image') }).verdicts.at(-1)).toMatchObject({
      ...{ verdict: 'ok', value: 0, limit: 0.06 },
    });
  });

  it('stamps a verdict with the tick, before the first row as after it', () => {
    const [first] = replayed([d1(-3), ...rows([{ atSeconds: 95 }])], { policy }).verdicts;
    expect([first?.at, first?.verdict]).toEqual([isoAt(0), 'no_traffic']);
  });
});

describe('a hold that was missed', () => {
  it('needs windows that are whole: a history that begins late begins later', () => {
    const sick = steady(-3600, -1500, 2, { failed: true });
    const events = [...sick, ...steady(-1500, 0, 2)];
    const missed = (state: typeof liveState) =>
      decided(0, events, { policy: { ...policy, evidence: 'observed' }, lastTickMs: at(-3500), state }).missed;
    const whole = missed({ ...liveState, rolloutStartedAtMs: at(-3000) });
    expect(whole.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([[at(-2990), at(-1210)]]);
    const early = missed({ ...liveState, rolloutStartedAtMs: at(-90_000) });
    // The history reaches back 9,600 s: a window and a hold later begins what can be judged.
    expect(early).toHaveLength(1);
  });
});

describe('the deal of one chunk', () => {
  it('breaks ties between equal debts in the same way in every chunk', () => {
    const schedule = new EvenSchedule([whole / 4, whole / 4, whole / 4, whole / 4], () => 0.5, [0, 0, 0, 0]);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4096; i++) {
      const receiver = schedule.next();
      counts[receiver] = (counts[receiver] ?? 0) + 1;
    }
    expect(counts).toEqual([1024, 1024, 1024, 1024]);
  });
});

describe('a body of weights', () => {
  it('that is no object is refused as what it is', () => {
    const noun = (value: unknown) => {
      const reading = readWeightsValue(value, {
        registered: ['fal', 'runware'],
        baseline: 'fal',
        candidates: ['runware'],
      });
      return reading.ok ? '' : reading.sentence.split(';')[0];
    };
    expect([noun(true), noun('x'), noun(1), noun([]), noun(null), noun(Number.NaN)]).toEqual([
      ...["'true' is a boolean", '\'"x"\' is a string', "'1' is a number", "'[]' is an array", "'null' is null"],
      expect.stringContaining("'NaN' is not JSON"),
    ]);
  });
});
