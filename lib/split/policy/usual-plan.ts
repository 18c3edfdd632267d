import type { Weights } from '../weights';
import { defaultPolicy, type Policy } from './policy';

/** The plan of the first split for other arms: the candidates share what it gives to its one. */
export function usualPlan(baseline: string, candidates: readonly string[]): Policy {
  const shared = (stays: number): Weights => ({ [baseline]: stays, ...parts(candidates, 1 - stays) });
  const stages = defaultPolicy.stages.map((stage) => ({
    ...stage,
    weights: shared(stage.weights[defaultPolicy.baseline] ?? 0),
  }));
  return { ...defaultPolicy, baseline, candidates, stages, rollback: shared(1) };
}

/** Equal parts, to a ten-thousandth; the first has what is left over. */
function parts(names: readonly string[], share: number): Weights {
  const whole = Math.round(share * 10_000);
  const each = Math.floor(whole / names.length);
  const first = whole - each * (names.length - 1);
  return Object.fromEntries(names.map((name, at) => [name, (at === 0 ? first : each) / 10_000]));
}
