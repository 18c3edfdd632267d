import { numberFormat } from './formatters';
/** A chance as "1 in N": what an operator can picture at night. null when it is no small chance. */
export function oddsOf(chance: number): number | null {
  if (!(chance < 0.5)) return null;
  return chance <= 0 ? Number.POSITIVE_INFINITY : 1 / chance;
}

/** N short enough to read: 9,800 · 3.2M · 10^18. */
export function formatOdds(odds: number, locale: string): string {
  if (!Number.isFinite(odds) || odds >= 1e300) return '10³⁰⁰';
  if (odds < 1e4) return numberFormat(locale, { maximumFractionDigits: 0 }).format(odds);
  if (odds < 1e12) {
    return numberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(odds);
  }
  const digits = [...String(Math.floor(Math.log10(odds)))].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]);
  return `10${digits.join('')}`;
}
