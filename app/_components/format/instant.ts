import { dateFormat } from './formatters';

type Zone = 'UTC' | undefined;

/** The clock time, with the date when it is not the day of `nowMs` in that zone. */
export function formatInstant(iso: string, nowMs: number | null, locale: string, timeZone: Zone): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const day = dateFormat('en-CA', { timeZone, dateStyle: 'short' });
  const sameDay = nowMs !== null && day.format(at) === day.format(nowMs);
  return dateFormat(locale, {
    timeZone,
    ...(sameDay ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** Of the reader's clock: "UTC", "GMT+8". */
export function zoneOf(ms: number, locale: string): string {
  const parts = dateFormat(locale, { timeZoneName: 'short' }).formatToParts(ms);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** For tooltips and tables: everything, in UTC, the way logs write it. */
export function isoSeconds(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
