import { gridSeconds } from '@/lib/rule/buckets/bucket';
import { slowLimitOf } from '@/lib/rule/buckets/history';
import { overSinceMs } from '@/lib/rule/hold';
import type { LineVerdict } from '@/lib/rule/verdict';
import type { Policy } from '@/lib/split/policy/policy';
import { breachSpans } from '../breach-spans';
import type { ChartedControl } from '../series-store';

const lookBackMs = 3_600_000;

/**
 * Since when the line that decided had been crossed without a break. Its verdict counts no further than its hold, which
 * is where it acts; with little traffic luck explains more than that, and it acts later. By the line as it was then.
 */
export async function breachBegan(
  { series }: Pick<ChartedControl, 'series'>,
  policy: Policy,
  line: LineVerdict,
  atMs: number,
): Promise<number> {
  const { arm, metric, limit, windowSeconds, holdSeconds, breachedForSeconds } = line;
  const heldMs = overSinceMs(atMs, breachedForSeconds);
  if (limit === null) return heldMs;
  const then = { metric, limit, windowSeconds, holdSeconds, timesBaseline: null, action: 'rollback' as const };
  const judged: Policy = { ...policy, candidates: [arm], redLines: [then] };
  const span = { fromMs: atMs - lookBackMs, toMs: atMs };
  const chart = await series.chart({ ...span, reachMs: windowSeconds * 1000, slowFromMs: slowLimitOf(judged) });
  const query = { ...span, everySeconds: chart.spanSeconds, knownCost: null };
  const last = breachSpans(chart.spans, judged, query).at(-1);
  const isIt = last !== undefined && Date.parse(last.to) >= atMs - 2 * gridSeconds * 1000;
  return isIt ? Math.min(heldMs, Date.parse(last.from)) : heldMs;
}
