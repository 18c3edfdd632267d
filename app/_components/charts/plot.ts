/** Where in a chart's box its lines are drawn: the axis and the marks' names stand outside. */
export const plotPx = { left: 58, right: 8, top: 26, bottom: 30 } as const;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** From instants and values to pixels of the chart's box. */
export interface Scales {
  /** The edges of what is drawn into. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** What lies outside the span stands at its edge. */
  readonly x: (atMs: number) => number;
  readonly y: (value: number) => number;
}

export function scalesOf({ width, height }: Size, fromMs: number, toMs: number, highest: number): Scales {
  const { left, top } = plotPx;
  const [right, bottom] = [Math.max(left + 1, width - plotPx.right), Math.max(top + 1, height - plotPx.bottom)];
  const [perMs, perValue] = [(right - left) / Math.max(1, toMs - fromMs), (bottom - top) / highest];
  return {
    ...{ left, right, top, bottom },
    x: (atMs) => round(left + Math.min(toMs - fromMs, Math.max(0, atMs - fromMs)) * perMs),
    y: (value) => round(bottom - value * perValue),
  };
}

const round = (px: number): number => Math.round(px * 10) / 10;

const leastMs = 60_000;
/** As far as the API looks at once. */
export const longestMs = 10 * 86_400_000;

/** What was dragged over, as parts of the plot's width, in whole seconds and never shorter than a minute. */
export function zoomSpan(fromMs: number, toMs: number, [a, b]: readonly [number, number]) {
  const at = (part: number) => fromMs + Math.min(1, Math.max(0, part)) * (toMs - fromMs);
  const [low, high] = [at(Math.min(a, b)), at(Math.max(a, b))];
  const widerMs = Math.max(0, leastMs - (high - low)) / 2;
  return { from: iso(low - widerMs), to: iso(high + widerMs) };
}

/** The way out: twice as long, around the same middle where what is to come leaves room, and never longer than is kept. */
export function widerSpan(fromMs: number, toMs: number, nowMs: number) {
  const lastMs = Math.min(longestMs, 2 * (toMs - fromMs));
  const endMs = Math.min(toMs + (lastMs - (toMs - fromMs)) / 2, Math.max(toMs, nowMs));
  return { from: iso(endMs - lastMs), to: iso(endMs) };
}

const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
