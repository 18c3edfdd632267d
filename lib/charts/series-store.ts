import type { MetricsView } from '@/lib/api/metrics-view';
import type { CardStore } from '@/lib/control/cards/card-store';
import type { ComparisonStore } from '@/lib/control/comparisons/comparison-store';
import type { Control } from '@/lib/control/control';
import type { Sql } from '@/lib/postgres/sql';
import type { IncidentLog } from './incident/incident-log';
import { costBases, failureExamples, failureKinds } from './metrics-details';
import { chart } from './metrics-series';
import type { RequestLog } from './requests/request-log';
import { type SegmentQuery, type SegmentRows, segmentRows, segmentSpans } from './segments/segment-rows';
import type { Chart, ChartQuery } from './series';

type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The log of one split for people to look at. */
type SeriesStore = ReturnType<typeof seriesStore>;

export function seriesStore(sql: Sql, split: string) {
  return {
    chart: (query: ChartQuery): Promise<Chart> => chart(sql, split, query),
    failureKinds: (fromMs: number, toMs: number): Promise<Counts> => failureKinds(sql, split, fromMs, toMs),
    costBases: (fromMs: number, toMs: number): Promise<Counts> => costBases(sql, split, fromMs, toMs),
    failureExamples: (fromMs: number, toMs: number): Promise<MetricsView['failure_examples']> =>
      failureExamples(sql, split, fromMs, toMs),
    segments: (query: SegmentQuery): Promise<SegmentRows> => segmentRows(sql, split, query),
    segmentSpans: (query: Parameters<typeof segmentSpans>[2]) => segmentSpans(sql, split, query),
  };
}

/** The control plane with what the charts read besides. */
export interface ChartedControl extends Control {
  readonly series: SeriesStore;
  readonly requests: RequestLog;
  readonly incidents: IncidentLog;
  readonly comparisons: ComparisonStore;
  readonly cards: CardStore;
}
