import { formatPercent } from './metric';

/** "fal 90% · runware 10%", baseline first. */
export function formatWeights(weights: Readonly<Record<string, number>>, baseline: string, locale: string): string {
  return Object.entries(weights)
    .sort(([a], [b]) => (a === baseline ? -1 : b === baseline ? 1 : a.localeCompare(b)))
    .map(([provider, share]) => `${provider} ${formatPercent(share, locale)}`)
    .join(' · ');
}

/** The journal keeps a flag's value as text: weights read as shares, anything else as it is. */
export function formatFlagValue(text: string | null, baseline: string, locale: string): string {
  if (text === null) return '–';
  const weights = readShares(text);
  return weights ? formatWeights(weights, baseline, locale) : text;
}

export function readShares(text: string): Readonly<Record<string, number>> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const entries = Object.entries(value);
    return entries.length > 0 && entries.every(([, share]) => typeof share === 'number')
      ? Object.fromEntries(entries)
      : null;
  } catch {
    return null;
  }
}
