import { z } from 'zod';
import { formatDuration, parseDuration } from '@/lib/kernel/duration';
import { nameShape } from '@/lib/split/name-shapes';
import { exactSum } from '@/lib/split/weights';
import { imageMetrics, type Judged, jobMetrics, type Metric } from './metrics';

const nameRule = 'must be a provider: 1 to 32 small letters, digits, "_" or "-", a letter first';

export const providerName = z.string({ error: nameRule }).regex(nameShape, nameRule);

/** "90s", "5m", "1h", "1d" as seconds, on the ten-second grid. */
export function duration(lowest: number, highest: number) {
  const range = `${formatDuration(lowest)} to ${formatDuration(highest)}`;
  const rule = `must be a duration from ${range} such as "90s", "5m", "1h" or "1d", in steps of 10 s`;
  return z.string({ error: rule }).transform((text, context) => {
    const seconds = parseDuration(text);
    if (seconds !== null && seconds >= lowest && seconds <= highest && seconds % 10 === 0) return seconds;
    context.addIssue({ code: 'custom', message: rule });
    return z.NEVER;
  });
}

const shareRule = 'must be a share from 0 to 1';

export const shares = z
  .record(providerName, z.number({ error: shareRule }).min(0, shareRule).max(1, shareRule), {
    error: 'must be an object of shares such as {"fal":0.9,"runware":0.1}',
  })
  .superRefine((weights, context) => {
    const sum = exactSum(Object.values(weights));
    const away = sum - 10n ** 18n;
    if (away > 10n ** 12n || away < -(10n ** 12n)) {
      const shown = Number((Number(sum) / 1e18).toFixed(9));
      context.addIssue({ code: 'custom', message: `adds up to ${shown}; shares must add up to 1` });
    }
  });

/** Digits that matter in a decimal number: 12500 has three significant ones, 0.025 three decimals. */
export function digitsOf(value: number): { significant: number; decimals: number } {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const significant = mantissa.replace('.', '').replace(/0+$/, '').length;
  return { significant, decimals: Math.max(0, significant - 1 - Number(exponent)) };
}

const listed = (names: readonly Metric[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

export const metricRules: Readonly<Record<Judged, string>> = {
  image: `must be ${listed(imageMetrics)}`,
  job: `must be ${listed(jobMetrics)}: the split is of jobs`,
};

/** The longest time that a percentile may have as its line. */
export const longestMs: Readonly<Record<Judged, number>> = { image: 600_000, job: 86_400_000 };
