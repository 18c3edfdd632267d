import type { Sql } from '@/lib/postgres/sql';
import { costBases, failureExamples, failureKinds } from './metrics-details';
import { chart } from './metrics-series';
import type { SeriesStore } from './series';

export function seriesStore(sql: Sql): SeriesStore {
  return {
    chart: (query) => chart(sql, query),
    failureKinds: (fromMs, toMs) => failureKinds(sql, fromMs, toMs),
    costBases: (fromMs, toMs) => costBases(sql, fromMs, toMs),
    failureExamples: (fromMs, toMs) => failureExamples(sql, fromMs, toMs),
  };
}
