import { bucketOf } from '@/lib/log/buckets/buckets-of-text';
import { type SpanText, scanBins } from '@/lib/log/buckets/span-text';
import type { Sql } from '@/lib/postgres/sql';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import { ChartLine } from './chart-line';
import { stepFor, widthOfStep } from './chart-steps';
import type { Chart, ChartQuery } from './series';
import { Sides } from './sides';

/** A chart in one reading, from the coarsest table whose spans fill the step. Quantiles are within 1 %. */
export async function chart(sql: Sql, split: string, query: ChartQuery, wantedSeconds?: number): Promise<Chart> {
  const { fromMs, toMs, reachMs } = query;
  const stepSeconds = stepFor(fromMs, toMs, wantedSeconds);
  const spanSeconds = widthOfStep(stepSeconds);
  const [text] = await sql<SpanText[]>`
    select c.figures, c.bins from sluice.chart_spans_of(${split}, ${`${spanSeconds} seconds`}::interval,
      to_timestamp(${fromMs - reachMs}::float8 / 1000), to_timestamp(${toMs}::float8 / 1000)) c`;
  if (text === undefined) throw new Error('sluice.chart_spans_of returned no row');
  const { lines, spans } = drawSpans(text, query, stepSeconds * 1000);
  const ofEach = <T>(of: (line: ChartLine) => T) =>
    Object.fromEntries([...lines].map(([name, line]) => [name, of(line)]));
  const series = ofEach((line) => line.finish());
  return { stepSeconds, spanSeconds, series, spans, latencies: ofEach(({ all }) => all.bins()) };
}

export function drawSpans(
  { figures, bins }: SpanText,
  { fromMs, slowFromMs }: Pick<ChartQuery, 'fromMs' | 'slowFromMs'>,
  stepMs: number,
) {
  const lines = new Map<string, ChartLine>();
  const spans: Bucket[] = [];
  let next = 0;
  for (const row of figures) {
    const [atMs, provider] = row;
    const line = atMs > fromMs && provider !== '' ? lineOf(lines, provider) : null;
    line?.step(Math.ceil(atMs / stepMs) * stepMs);
    const sides = new Sides(slowFromMs);
    next = scanBins(bins, next, (edge, count) => {
      sides.add(edge, count);
      line?.addLatency(edge, count);
    });
    const span = bucketOf(row, sides.bins());
    spans.push(span);
    line?.addSpan(span);
  }
  return { lines, spans };
}

function lineOf(lines: Map<string, ChartLine>, provider: string): ChartLine {
  const line = lines.get(provider) ?? new ChartLine();
  lines.set(provider, line);
  return line;
}
