import { isCost, isPercentile, type Metric } from '@/lib/split/policy/metrics';
import { numberFormat } from './formatters';

/** Nothing measured; never shown as zero. */
const nothing = '–';

export function formatPercent(share: number | null, locale: string, digits = 1): string {
  if (share === null) return nothing;
  const maximumFractionDigits = Math.max(digits, digitsToTell(share));
  return numberFormat(locale, { style: 'percent', maximumFractionDigits }).format(share);
}

const mostDigits = 6;

/** So many tell a little from nothing, and almost all from all: 0.04 %, 99.96 %. */
function digitsToTell(share: number): number {
  const rest = Math.min(Math.abs(share), Math.abs(1 - share));
  return rest > 0 ? Math.min(mostDigits, Math.ceil(-Math.log10(rest)) - 2) : 0;
}

export function formatUsd(usd: number | null, locale: string): string {
  if (usd === null) return nothing;
  const dollars = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' } as const;
  return numberFormat(locale, { ...dollars, ...digitsOfUsd(Math.abs(usd)) }).format(usd);
}

function digitsOfUsd(size: number): Intl.NumberFormatOptions {
  if (size > 0 && size < 0.0001) return { maximumSignificantDigits: 2 };
  return { minimumFractionDigits: size >= 100 ? 0 : 2, maximumFractionDigits: size >= 1 ? 2 : 5 };
}

export function formatMs(ms: number | null, locale: string): string {
  if (ms === null) return nothing;
  if (Math.round(ms) < 0) return `−${formatMs(-ms, locale)}`;
  const short = ms < 1000;
  return numberFormat(locale, {
    style: 'unit',
    unit: short ? 'millisecond' : 'second',
    unitDisplay: locale.startsWith('zh') ? 'short' : 'narrow',
    maximumFractionDigits: short ? 0 : ms < 100_000 ? 2 : 0,
  }).format(short ? Math.max(0, ms) : ms / 1000);
}

export function formatCount(count: number, locale: string): string {
  return numberFormat(locale, { maximumFractionDigits: 0 }).format(count);
}

/** A small rate keeps a digit: 0.4 a minute is not none. */
export function formatRate(perMinute: number, locale: string): string {
  return numberFormat(locale, { maximumFractionDigits: perMinute < 10 ? 1 : 0 }).format(perMinute);
}

export function formatMetric(metric: Metric, value: number | null, locale: string): string {
  if (isPercentile(metric)) return formatMs(value, locale);
  if (isCost(metric)) return formatUsd(value, locale);
  return formatPercent(value, locale, 2);
}

/** With its sign, for differences: −1.2 s; of rates in points, for "+0.4%" could be a share of the other. */
export function formatSigned(metric: Metric, value: number | null, locale: string): string {
  if (value === null) return nothing;
  const sign = value > 0 ? '+' : value < 0 ? '−' : '±';
  const size = Math.abs(value);
  return sign + (isPercentile(metric) || isCost(metric) ? formatMetric(metric, size, locale) : points(size, locale));
}

function points(share: number, locale: string): string {
  const number = numberFormat(locale, { maximumFractionDigits: 2 }).format(share * 100);
  if (locale.startsWith('zh')) return `${number} 个百分点`;
  return `${number} ${number === '1' ? 'point' : 'points'}`;
}
