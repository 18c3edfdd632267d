import { excerpt } from '@/lib/kernel/excerpt';

/** Seconds between ticks: ten, or what SLUICE_TICK_SECONDS says; it divides a minute, so that slots do not drift. */
export function intervalOf(text: string | undefined): number {
  const seconds = text === undefined ? 10 : Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 30 && 60 % seconds === 0) return seconds;
  throw new Error(`SLUICE_TICK_SECONDS is "${excerpt(text ?? '')}"; it must divide 60: 1, 2, 3, 5, 10, 15, 20 or 30.`);
}
