/** Where in a chart's box its lines are drawn: the axis and the marks' names stand outside. */
export const plotPx = { left: 58, right: 8, top: 26, bottom: 30 } as const;

const leastMs = 60_000;

/** What was dragged over, as parts of the plot's width, in whole seconds and never shorter than a minute. */
export function zoomSpan(fromMs: number, toMs: number, [a, b]: readonly [number, number]) {
  const at = (part: number) => fromMs + Math.min(1, Math.max(0, part)) * (toMs - fromMs);
  const [low, high] = [at(Math.min(a, b)), at(Math.max(a, b))];
  const widerMs = Math.max(0, leastMs - (high - low)) / 2;
  const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return { from: iso(low - widerMs), to: iso(high + widerMs) };
}
