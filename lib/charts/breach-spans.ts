import type { MetricsView } from '@/lib/api/metrics-view';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import { gridSeconds } from '@/lib/rule/buckets/bucket';
import { gridIndex, gridMs, plainBasis } from '@/lib/rule/buckets/history';
import { Histories } from '@/lib/rule/buckets/history-of-buckets';
import type { GaugeContext } from '@/lib/rule/gauges/gauge';
import { gaugesOf } from '@/lib/rule/gauges/red-lines';
import type { BaselineCost } from '@/lib/rule/verdict';
import type { Policy, RedLine } from '@/lib/split/policy/policy';

interface BreachQuery {
  readonly fromMs: number;
  readonly toMs: number;
  /** How finely to look: the width of the buckets. */
  readonly everySeconds: number;
  readonly knownCost: BaselineCost | null;
}

export const longestWindowSeconds = (policy: Policy): number =>
  Math.max(0, ...policy.redLines.map(({ windowSeconds }) => windowSeconds));

/** When each candidate's windowed metrics were over their lines: what a chart shades. */
export function breachSpans(buckets: readonly Bucket[], policy: Policy, query: BreachQuery): MetricsView['breaches'] {
  const { fromMs, toMs, knownCost } = query;
  const sinceMs = fromMs - longestWindowSeconds(policy) * 1000;
  const histories = new Histories(buckets, policy, sinceMs, toMs);
  return policy.candidates.flatMap((arm) => {
    const history = histories.of(arm, plainBasis);
    const context: GaugeContext = { history, neighbours: () => null, pricesBefore: null, knownCost };
    return policy.redLines.flatMap((line) => spansOf(arm, line, context, query));
  });
}

function spansOf(
  arm: string,
  line: RedLine,
  context: GaugeContext,
  { fromMs, toMs, everySeconds }: BreachQuery,
): MetricsView['breaches'] {
  const gauges = gaugesOf(context, line).map(({ candidate }) => candidate);
  const step = Math.max(1, Math.round(everySeconds / gridSeconds));
  const window = Math.max(step, line.windowSeconds / gridSeconds);
  const spans: { readonly arm: string; readonly metric: RedLine['metric']; readonly from: string; to: string }[] = [];
  let open: (typeof spans)[number] | null = null;
  // From the end of a bucket to the end of the next: between them nothing is known to change.
  for (let at = Math.ceil(gridIndex(fromMs) / step) * step; at <= gridIndex(toMs); at += step) {
    const over = gauges.some((gauge) => gauge.side(at - window, at) === 'over');
    const instant = new Date(at * gridMs).toISOString();
    if (over && open === null) {
      open = { arm, metric: line.metric, from: instant, to: instant };
      spans.push(open);
    } else if (over && open !== null) open.to = instant;
    else open = null;
  }
  return spans;
}
