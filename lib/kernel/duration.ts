const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** For people: 5430 → "1h 30m 30s", 0.4 → "0s". */
export function durationText(seconds: number): string {
  let rest = Math.floor(seconds);
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
  }
  return parts.length > 0 ? parts.slice(0, 3).join(' ') : '0s';
}

/** As the policy writes it, in the largest unit that divides: 300 → "5m", 90 → "90s". */
export function formatDuration(seconds: number): string {
  for (const [unit, size] of units) if (seconds > 0 && seconds % size === 0) return `${seconds / size}${unit}`;
  return '0s';
}

/** "90s", "5m", "1h", "2d" → seconds; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^(0|[1-9]\d{0,8})([dhms])$/.exec(text);
  if (!match) return null;
  const size = units.find(([unit]) => unit === match[2])?.[1] ?? 0;
  return Number(match[1]) * size;
}
