const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
const steps = [
  ...[10 * second, 30 * second],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2].map((n) => n * day),
];
const mostTicks = 8;

/** Instants that a clock on the wall shows in round numbers, at most eight or nine of them. */
export function roundTicks(fromMs: number, toMs: number): readonly number[] {
  const step = steps.find((each) => (toMs - fromMs) / each <= mostTicks) ?? 2 * day;
  const midnight = new Date(fromMs);
  midnight.setHours(0, 0, 0, 0);
  const ticks: number[] = [];
  // Days are as long as the clock makes them.
  const next = (index: number) =>
    step < day
      ? midnight.getTime() + index * step
      : new Date(midnight).setDate(midnight.getDate() + index * (step / day));
  for (let index = Math.floor((fromMs - midnight.getTime()) / step); next(index) <= toMs; index++)
    if (next(index) >= fromMs) ticks.push(next(index));
  return ticks;
}
