/** Fewer in a minute say more over five. */
const fewest = 10;

/** Requests a minute as of now: the last minute's, so that traffic which stops is seen to stop. */
export function liveRate(lastMinute: number, lastFiveMinutes: number): number {
  const usual = lastFiveMinutes / 5;
  return Math.round((usual < fewest ? usual : lastMinute) * 10) / 10;
}
