import type { Segment, SegmentChart, SegmentsView } from '@/lib/api/segments-view';
import { bucketsOf } from '@/lib/log/buckets/buckets-of-text';
import type { Policy } from '@/lib/split/policy/policy';
import { stepFor } from '../chart-steps';
import { compareProviders } from '../compare-providers';
import { drawSpans } from '../metrics-series';
import type { ChartedControl } from '../series-store';
import type { SegmentQuery, SegmentRows } from './segment-rows';

const longestMs = 86_400_000;
/** Of two arms that are alike, one interval of 95 % in twenty leaves out no difference at all. */
const luckPerLook = 0.05;

/** Who is hurt: each segment by itself against the baseline, with a count of the chances to be misled. */
export async function readSegments(
  { series, flags, facts }: ChartedControl,
  asked: SegmentQuery & { readonly value: string | null },
): Promise<SegmentsView> {
  const { by, toMs, value } = asked;
  const fromMs = Math.max(asked.fromMs, toMs - longestMs);
  const { policy } = await flags.readPolicy();
  const span = { by, fromMs, toMs };
  const read = await series.segments(span);
  // What was not read is no time without traffic.
  const chart = value === null ? null : await chartOf(series, { ...span, fromMs: read.readFromMs, value });
  const segments = segmentsOf(read, policy, { ...span, split: facts.split });
  const looks = segments.flatMap(({ comparison }) => comparison.filter(({ verdict }) => verdict !== 'unknown')).length;
  return {
    by,
    from: new Date(read.readFromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    segments,
    others: read.others,
    looks,
    by_luck: looks * luckPerLook,
    chart,
  };
}

async function chartOf(
  series: ChartedControl['series'],
  asked: SegmentQuery & { readonly value: string },
): Promise<SegmentChart> {
  const step_seconds = stepFor(asked.fromMs, asked.toMs);
  const text = await series.segmentSpans({ ...asked, stepMs: step_seconds * 1000 });
  const { lines } = drawSpans(text, { fromMs: asked.fromMs, slowFromMs: null }, step_seconds * 1000);
  const providers = Object.fromEntries([...lines].map(([arm, line]) => [arm, line.finish()]));
  return { value: asked.value, step_seconds, providers };
}

function segmentsOf({ rows }: SegmentRows, policy: Policy, span: SegmentQuery & { readonly split: string }): Segment[] {
  return [...new Set(rows.map(({ value }) => value))].map((value) => {
    const arms = rows.filter((row) => row.value === value);
    const buckets = arms.flatMap(({ figures, bins }) => bucketsOf({ figures: [figures], bins }));
    const latencies = Object.fromEntries(buckets.map((bucket) => [bucket.provider, bucket.bins]));
    const comparison = compareProviders(buckets, latencies, policy, span)
      .filter(({ baseline, candidate }) => baseline.n > 0 || candidate.n > 0)
      .map(({ sql: _, ...row }) => row);
    const requests = Object.fromEntries(buckets.map((bucket) => [bucket.provider, bucket.requests]));
    return { value, requests, comparison };
  });
}
