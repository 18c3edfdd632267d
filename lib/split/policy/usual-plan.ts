import type { Weights } from '../weights';
import type { Judged } from './metrics';
import { defaultPolicy, type Policy } from './policy';
import { type RedLine, usualLines } from './red-lines';

/** The plan of the first split for other arms, by lines of their kind: the candidates share what it gives to its one. */
export function usualPlan(baseline: string, candidates: readonly string[], judged: Judged = 'image'): Policy {
  const shared = (stays: number): Weights => ({ [baseline]: stays, ...parts(candidates, 1 - stays) });
  const stages = defaultPolicy.stages.map((stage) => ({
    ...stage,
    weights: shared(stage.weights[defaultPolicy.baseline] ?? 0),
  }));
  const redLines = usualLines[judged];
  return { ...defaultPolicy, baseline, candidates, stages, redLines, rollback: atBaseline(baseline, candidates) };
}

/**
 * The same for a relay. Few of their vendors say what something costs, and where none does, a red line on cost
 * is never ok, so that no stage would ever open.
 */
export function usualRelayPlan(baseline: string, candidates: readonly string[], judged: Judged): Policy {
  const plan = usualPlan(baseline, candidates, judged);
  const isOfCost = ({ metric }: RedLine) => metric === 'cost_per_image' || metric === 'cost_per_unit';
  return { ...plan, redLines: plan.redLines.filter((line) => !isOfCost(line)) };
}

/** The weights that a split begins with. */
export function atBaseline(baseline: string, candidates: readonly string[]): Weights {
  return Object.fromEntries([baseline, ...candidates].map((arm) => [arm, arm === baseline ? 1 : 0]));
}

/** Equal parts, to a ten-thousandth; the first has what is left over. */
function parts(names: readonly string[], share: number): Weights {
  const whole = Math.round(share * 10_000);
  const each = Math.floor(whole / names.length);
  const first = whole - each * (names.length - 1);
  return Object.fromEntries(names.map((name, at) => [name, (at === 0 ? first : each) / 10_000]));
}
