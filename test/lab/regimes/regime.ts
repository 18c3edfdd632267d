import type { Random } from '@/lib/replay/simulate/chance';
import type { Weights } from '@/lib/split/weights';
import type { Conduct, Course, Model, Prices } from './traffic/model';
import type { Arm } from './traffic/rows';

/** One kind of traffic as it is met, at any number of requests a minute over both arms. */
export interface Regime {
  readonly name: string;
  readonly about: string;
  /** The minute from which the candidate must go; null: it must not. */
  readonly onsetMinute: number | null;
  /** The levels at which it is looked at, where not at all of them. */
  readonly levels?: readonly number[];
  readonly model: (perMinute: number) => Model;
}

/** Half of each line and less, as the plan's healthy provider. */
export const usual: Conduct = { failureRate: 0.01, slower: 1, voucherRate: 0.025 };

const d1: Weights = { fal: 0.9, runware: 0.1 };
const d2: Weights = { fal: 0.5, runware: 0.5 };
const d3: Weights = { fal: 0, runware: 1 };
export const stageWeights = { D1: d1, D2: d2, D3: d3 } as const;
export type StageName = keyof typeof stageWeights;

/** One price for everything, and no spread: how providers bill. */
export const onePrice: Prices = { keys: ['model-a 1024x1024'], usd: [0.04], spread: 0, mix: () => [1] };

/** 2 % of these are over 8 s. */
export const usualLatency = { medianMs: 2865, sigma: 0.5 } as const;

/** Writes of whole stages, by the minute. */
export type Plan = Readonly<Record<number, StageName>>;

/** A rollout of these stages with conduct that `course` draws, and everything else as usual. */
export function rollout(perMinute: number, plan: Plan, minutes: number, model: Partial<Model> = {}): Model {
  return {
    minutes,
    leadMinutes: 0,
    perMinute: () => perMinute,
    writes: Object.entries(plan).map(([minute, name]) => ({ minute: Number(minute), weights: stageWeights[name] })),
    latency: usualLatency,
    prices: onePrice,
    delays: null,
    vouchersNamed: true,
    users: 0,
    sticky: false,
    course: steady(),
    ...model,
  };
}

/** Conduct that does not depend on chance. */
export const steady =
  (candidate: Partial<Conduct> = {}, baseline: Partial<Conduct> = {}): ((random: Random) => Course) =>
  () => {
    const is = { candidate: { ...usual, ...candidate }, baseline: { ...usual, ...baseline } };
    return { conduct: (arm) => is[arm] };
  };

/** Both as usual until the onset. */
export const since =
  (
    onset: number,
    candidate: Partial<Conduct>,
    baseline: Partial<Conduct> = {},
    before: Partial<Conduct> = {},
  ): ((random: Random) => Course) =>
  () => {
    const well = { ...usual, ...before };
    const is = { candidate: { ...well, ...candidate }, baseline: { ...well, ...baseline } };
    return { conduct: (arm: Arm, minute: number) => (minute >= onset ? is[arm] : well) };
  };
