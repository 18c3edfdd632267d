import { compile, type Picker, saltOf } from '@/lib/split/pick';
import { sameWeights, shareOf, type Weights } from '@/lib/split/weights';

/** Where the weights that are routed by came from. */
type WeightsSource = 'store' | 'file' | 'default';

/** One version of the weights as requests use it. Swapped whole, so that a request sees one version. */
export interface Routing {
  readonly version: number | null;
  readonly weights: Weights;
  readonly stage: string | null;
  readonly source: WeightsSource;
  /** What is left when providers without a key are assigned nothing; null when no provider has one. */
  readonly effective: Weights | null;
  /** How much of the hash each arm may come to need: a plan with another last stage places users elsewhere. */
  readonly room: string | undefined;
  readonly picker: Picker | null;
  /** assigned → providers to try, in order: the assigned one, the baseline, then others with a share. */
  readonly order: ReadonlyMap<string, readonly string[]>;
}

export interface RoutingRules {
  readonly split: string;
  readonly baseline: string;
  readonly candidates: readonly string[];
  readonly room?: Weights | undefined;
  readonly configured: readonly string[];
  readonly random: () => number;
}

type Facts = Pick<Routing, 'version' | 'weights' | 'stage' | 'source'>;

export function compileRouting(facts: Facts, rules: RoutingRules, before: Routing | null): Routing {
  const effective = effectiveWeights(facts.weights, rules);
  const room = JSON.stringify(rules.room);
  const isSame =
    before?.picker && effective && before.effective && sameWeights(before.effective, effective) && before.room === room;
  const pickRules = { ...rules, salt: saltOf(rules.split) };
  // Equal weights in equal room keep their picker: a new version must not begin the count anew.
  const picker = isSame
    ? before.picker
    : effective && compile(effective, pickRules, rules.random, before?.picker ?? undefined);
  return { ...facts, effective, room, picker, order: failoverOrder(facts.weights, rules) };
}

/** The share of a provider without a key goes to the baseline, or to a candidate when that is the one without. */
export function effectiveWeights(weights: Weights, rules: RoutingRules): Weights | null {
  const { baseline, candidates, configured } = rules;
  const heir = [baseline, ...candidates, ...configured].find((name) => configured.includes(name));
  if (heir === undefined) return null;
  const effective: Record<string, number> = { [heir]: shareOf(weights, heir) };
  for (const [name, share] of Object.entries(weights)) {
    const to = configured.includes(name) ? name : heir;
    if (name !== heir) effective[to] = (effective[to] ?? 0) + share;
  }
  return effective;
}

function failoverOrder(weights: Weights, rules: RoutingRules): ReadonlyMap<string, readonly string[]> {
  const weighted = Object.keys(weights)
    .filter((name) => shareOf(weights, name) > 0)
    .sort((a, b) => shareOf(weights, b) - shareOf(weights, a));
  const allowed = [rules.baseline, ...weighted].filter((name) => rules.configured.includes(name));
  return new Map(rules.configured.map((name) => [name, [...new Set([name, ...allowed])]]));
}
