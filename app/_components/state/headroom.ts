/** How much of the line is left, 1 = all of it, negative = over; null when either number is unknown. */
export function headroomOf(value: number | null, limit: number | null): number | null {
  if (value === null || limit === null || limit <= 0) return null;
  return (limit - value) / limit;
}
