import type { Snapshot } from '@/lib/api/snapshot';
import type { BreachSpan, RolloutAttempt, StoryMark } from '@/lib/api/story';

/** Everything is drawn into 1000 × 100, share upwards from the foot. */
export const width = 1000;
export const height = 100;

/** Of an attempt that is over, so much of what came after is shown. */
const afterEnd = 0.12;
/** A write a moment ago is seen. */
const shortestMs = 60_000;

interface Span {
  readonly x: number;
  readonly width: number;
}

export interface StoryShape {
  readonly fromMs: number;
  readonly toMs: number;
  /** One closed path an arm, the first candidate at the foot. */
  readonly areas: readonly { readonly arm: string; readonly path: string }[];
  readonly stages: readonly (Span & { readonly stage: string; readonly share: number })[];
  readonly breaches: readonly (Span & { readonly breach: BreachSpan })[];
  readonly pauses: readonly Span[];
  readonly marks: readonly PlacedMark[];
}

export interface PlacedMark {
  readonly x: number;
  readonly mark: StoryMark;
}

type Shown = Pick<RolloutAttempt, 'from' | 'steps' | 'marks' | 'ended'>;

export function storyShape(
  attempt: Shown,
  { baseline, story, now }: Pick<Snapshot, 'baseline' | 'story' | 'now'>,
  arms: readonly string[],
): StoryShape {
  const fromMs = Date.parse(attempt.from);
  const nowMs = Date.parse(now);
  const endMs = attempt.ended ? Date.parse(attempt.ended.at) : nowMs;
  const lengthMs = Math.max(shortestMs, endMs - fromMs);
  const toMs = attempt.ended ? Math.min(Math.max(nowMs, endMs), endMs + lengthMs * afterEnd) : fromMs + lengthMs;
  const x = (at: string | null) => {
    const ms = at === null ? toMs : Math.min(toMs, Math.max(fromMs, Date.parse(at)));
    return toMs <= fromMs ? 0 : ((ms - fromMs) / (toMs - fromMs)) * width;
  };
  const spanned = (from: string, to: string | null): Span => ({ x: x(from), width: x(to) - x(from) });
  const named = [...new Set([...arms, ...attempt.steps.flatMap(({ weights }) => Object.keys(weights))])];
  const candidates = named.filter((arm) => arm !== baseline);
  const steps = attempt.steps.map(({ at, weights }) => ({ x: x(at), weights }));
  return {
    ...{ fromMs, toMs },
    areas: candidates.flatMap((arm, index) => areaOf(arm, candidates.slice(0, index), steps)),
    stages: stagesOf(attempt, baseline, spanned),
    breaches: story.breaches
      .filter(({ from, to }) => Date.parse(from) < toMs && (to === null || Date.parse(to) > fromMs))
      .map((breach) => ({ ...spanned(breach.from, breach.to), breach })),
    pauses: pausesOf(attempt.marks).map(([from, to]) => spanned(from, to)),
    marks: attempt.marks.map((mark) => ({ x: x(mark.at), mark })),
  };
}

type Steps = readonly { readonly x: number; readonly weights: Readonly<Record<string, number>> }[];

function areaOf(arm: string, below: readonly string[], steps: Steps) {
  if (!steps.some(({ weights }) => (weights[arm] ?? 0) > 0)) return [];
  const sum = (weights: Steps[number]['weights'], arms: readonly string[]) =>
    arms.reduce((total, name) => total + (weights[name] ?? 0), 0);
  const edge = (arms: readonly string[]) =>
    steps.flatMap(({ x, weights }, index) => {
      const y = round(height * (1 - sum(weights, arms)));
      return [`${round(x)},${y}`, `${round(steps[index + 1]?.x ?? width)},${y}`];
    });
  const points = [...edge([...below, arm]), ...edge(below).toReversed()];
  return [{ arm, path: `M${points.join('L')}Z` }];
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** One for each stage as long as it lasted; what gave no arm anything has no name here. */
function stagesOf({ steps }: Shown, baseline: string, spanned: (from: string, to: string | null) => Span) {
  const stages: { from: string; to: string | null; stage: string; share: number }[] = [];
  steps.forEach(({ at, weights, stage }, index) => {
    const share = Object.entries(weights).reduce((sum, [arm, part]) => (arm === baseline ? sum : sum + part), 0);
    const to = steps[index + 1]?.at ?? null;
    const last = stages.at(-1);
    if (share <= 0 || stage === null) return;
    if (last && last.stage === stage && last.to === at) Object.assign(last, { to, share });
    else stages.push({ from: at, to, stage, share });
  });
  return stages.map(({ from, to, stage, share }) => ({ ...spanned(from, to), stage, share: Number(share.toFixed(9)) }));
}

function pausesOf(marks: readonly StoryMark[]): readonly (readonly [string, string | null])[] {
  const pauses: [string, string | null][] = [];
  for (const { verb, at } of marks) {
    const open = pauses.find(([, to]) => to === null);
    if (verb === 'pause' && !open) pauses.push([at, null]);
    // A stage that begins, or ends, begins unpaused.
    else if (verb !== 'pause' && open) open[1] = at;
  }
  return pauses;
}
