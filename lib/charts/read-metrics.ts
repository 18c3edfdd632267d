import type { JournalEntry } from '@/lib/api/journal-entry';
import type { MetricsView } from '@/lib/api/metrics-view';
import { readSplitAsRouted } from '@/lib/control/rollout/as-instances-say';
import { slowLimitOf } from '@/lib/rule/buckets/history';
import { knownBaselineCost } from '@/lib/rule/decide';
import { comparisonOf } from '@/lib/rule/gauges/red-lines';
import { breachSpans, longestWindowSeconds } from './breach-spans';
import { compareProviders } from './compare-providers';
import type { ChartedControl } from './series-store';
import { weightsOver } from './weights-over';

interface MetricsSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

const mostMarkers = 500;

/** Every arm over a span: series, what changed when, who was over which line, and how each compares to the baseline. */
export async function readMetrics(control: ChartedControl, span: MetricsSpan): Promise<MetricsView> {
  const { series, journal, flags, facts } = control;
  const { fromMs, toMs } = span;
  const { policy } = await flags.readPolicy();
  const row = await readSplitAsRouted(control, policy);
  const reachMs = longestWindowSeconds(policy) * 1000;
  const [chart, failures, failureExamples, costBasis, entries, before] = await Promise.all([
    series.chart({ ...span, reachMs, slowFromMs: slowLimitOf(policy) }),
    series.failureKinds(fromMs, toMs),
    series.failureExamples(fromMs, toMs),
    series.costBases(fromMs, toMs),
    journal.list({ limit: mostMarkers, flagKey: facts.split, fromMs, toMs }),
    journal.list({ limit: 1, flagKey: facts.split, toMs: fromMs }),
  ]);
  const knownCost = knownBaselineCost(policy, row, facts.environmentCostUsd);
  const oldestFirst = entries.toReversed();
  const inside = chart.spans.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
  const limits = policy.redLines.map(({ metric, limit, timesBaseline }) => ({
    metric,
    limit: limit ?? (timesBaseline !== null && knownCost !== null ? timesBaseline * knownCost.usd : null),
    comparison: comparisonOf(metric),
  }));
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    step_seconds: chart.stepSeconds,
    providers: chart.series,
    markers: oldestFirst.map(markerOf),
    weights: weightsOver(entries.length < mostMarkers ? before[0] : undefined, oldestFirst, fromMs),
    lines: limits,
    breaches: breachSpans(chart.spans, policy, { ...span, everySeconds: chart.spanSeconds, knownCost }),
    failures,
    failure_examples: failureExamples,
    cost_basis: costBasis,
    comparison: compareProviders(inside, chart.latencies, policy, { ...span, split: facts.split }),
  };
}

function markerOf({ at, verb, id, stage_from, stage_to }: JournalEntry): MetricsView['markers'][number] {
  const label = stage_to !== null && stage_to !== stage_from ? stage_to : verb;
  return { at, kind: verb, label, journal_id: id, stage_to };
}
