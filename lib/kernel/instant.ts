const shape = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/**
 * ISO 8601 or as Postgres prints a timestamptz, in epoch milliseconds; null for anything else. Microseconds are kept
 * as a fraction: buckets are closed on the right, so 12:00:00.000001 belongs to the next one. Without a zone it is UTC.
 */
export function parseInstant(text: string): number | null {
  const match = shape.exec(text);
  if (!match) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  // Not Date.UTC, which takes the year 68 for 1968.
  const dayMs = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (new Date(dayMs).getUTCMonth() !== Number(month) - 1 || new Date(dayMs).getUTCDate() !== Number(day)) return null;
  const wholeMs = dayMs + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  const isEndOfDay = Number(hour) === 24 && Number(minute) === 0 && Number(`${second}.${fraction}`) === 0;
  if ((Number(hour) > 23 && !isEndOfDay) || Number(minute) > 59 || Number(second) > 59) return null;
  if (Math.abs(zoneMinutes(zone)) >= 16 * 60) return null;
  return wholeMs + (fraction ? Number(`0.${fraction}`) * 1000 : 0) - zoneMinutes(zone) * 60_000;
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0'));
}

export const isoOf = (instantMs: number): string => new Date(instantMs).toISOString();

export const isoOrNull = (instantMs: number | null): string | null => (instantMs === null ? null : isoOf(instantMs));
