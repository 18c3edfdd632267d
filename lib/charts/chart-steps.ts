const mostPoints = 1000;
/** From here on quarters of an hour: minutes would be ten times the work for what a screen cannot show. */
const minutesUpToSeconds = 30 * 3600;

/** The step that gives at most 1,000 points, a whole number of the widths that are kept. */
export function stepFor(fromMs: number, toMs: number, wantedSeconds = 10): number {
  const span = (toMs - fromMs) / 1000;
  const least = span / mostPoints;
  const width = span > minutesUpToSeconds ? 900 : least >= 60 ? 60 : 10;
  return Math.ceil(Math.max(wantedSeconds, least, width) / width - 1e-9) * width;
}

/** The coarsest width whose spans fill the step; see `sluice.chart_spans_of`. */
export function widthOfStep(stepSeconds: number): number {
  return [900, 60].find((width) => stepSeconds % width === 0) ?? 10;
}
