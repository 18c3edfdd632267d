/** How much of the line is left, 1 = all of it, negative = over; null when either number is unknown. */
export function headroomOf(value: number | null, limit: number | null): number | null {
  if (value === null || limit === null || limit <= 0) return null;
  return (limit - value) / limit;
}

/** Where value, line and baseline stand on a gauge of 0..1; the line never sits at the very edge. */
export function gaugeOf(value: number | null, limit: number | null, baseline: number | null) {
  const largest = Math.max(value ?? 0, (limit ?? 0) * 1.33, baseline ?? 0);
  const at = (figure: number | null) => (figure === null || largest <= 0 ? null : Math.min(1, figure / largest));
  return { value: at(value), limit: at(limit), baseline: at(baseline) };
}
