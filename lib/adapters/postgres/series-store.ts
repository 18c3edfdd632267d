import type { SeriesStore } from '@/lib/operations/ports/series';
import type { Sql } from './connection';
import { costBases, failureExamples, failureKinds } from './metrics-details';
import { chart } from './metrics-series';

export function seriesStore(sql: Sql): SeriesStore {
  return {
    chart: (query) => chart(sql, query),
    failureKinds: (fromMs, toMs) => failureKinds(sql, fromMs, toMs),
    costBases: (fromMs, toMs) => costBases(sql, fromMs, toMs),
    failureExamples: (fromMs, toMs) => failureExamples(sql, fromMs, toMs),
  };
}
