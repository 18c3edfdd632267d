/** Provider → share, 0..1, sum 1. Providers left out count 0. */
export type Weights = Readonly<Record<string, number>>;

/** Shares that differ by less are the same share: nobody routes a billionth. */
const sameWithin = 1e-9;

export function shareOf(weights: Weights, provider: string): number {
  return Object.hasOwn(weights, provider) ? (weights[provider] ?? 0) : 0;
}

/** In order of name, without -0 and without the dust of `0.7 + 0.2`: equal weights have equal text. */
export function normalise(weights: Weights): Weights {
  const entries = Object.entries(weights).map(([name, share]) => [name, Math.round(share * 1e9) / 1e9 + 0] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function weightsText(weights: Weights): string {
  return JSON.stringify(normalise(weights));
}

export function sameWeights(one: Weights, other: Weights): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => Math.abs(shareOf(one, name) - shareOf(other, name)) < sameWithin);
}

/** The provider with the largest share; the baseline on a tie. */
export function primaryOf(weights: Weights, baseline: string): string {
  let primary = baseline;
  for (const name of Object.keys(weights).sort()) {
    if (shareOf(weights, name) > shareOf(weights, primary)) primary = name;
  }
  return primary;
}
