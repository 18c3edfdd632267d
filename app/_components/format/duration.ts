import { numberFormat } from './formatters';

const steps = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** What is never broken: the two largest parts, "1h 5m", "2m 10s", in Chinese 1小时5分钟. */
export function formatDuration(seconds: number, locale: string): string {
  const chinese = locale.startsWith('zh');
  let rest = Math.max(0, Math.floor(seconds));
  const parts = steps.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return { unit, count };
  });
  const largest = parts.findIndex(({ count }) => count > 0);
  const shown = largest < 0 ? parts.slice(-1) : parts.slice(largest, largest + 2);
  return shown
    .filter(({ count }, index) => index === 0 || count > 0)
    .map(({ unit, count }) =>
      numberFormat(locale, { style: 'unit', unit, unitDisplay: chinese ? 'short' : 'narrow' }).format(count),
    )
    .join(chinese ? '' : '\u00a0');
}

/** Counting down: 0:07, 17:42, 2:05:09. Always the same width per digit, so nothing jumps. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
