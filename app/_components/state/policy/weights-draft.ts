/** What is left for the baseline, 0..1, when the others have these percentages; null when they cannot be shares. */
export function shareRest(percents: Readonly<Record<string, number>>): number | null {
  const all = Object.values(percents);
  if (all.some((percent) => !Number.isFinite(percent) || percent < 0)) return null;
  const rest = 100 - all.reduce((sum, percent) => sum + percent, 0);
  // The sum of 33.3, 33.3 and 33.4 is not 100 in binary.
  return rest < -1e-9 ? null : tidy(Math.max(0, rest) / 100);
}

/** Percentages of all but the baseline as weights that sum to 1. */
export function weightsFrom(percents: Readonly<Record<string, number>>, baseline: string): Record<string, number> {
  const shares = Object.entries(percents).map(([provider, percent]) => [provider, tidy(percent / 100)] as const);
  return { [baseline]: shareRest(percents) ?? 0, ...Object.fromEntries(shares) };
}

const tidy = (share: number) => Number(share.toFixed(8));
