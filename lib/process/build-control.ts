import type { ChartedControl } from '@/lib/charts/series-store';
import { seriesStore } from '@/lib/charts/series-store';
import { alertStore } from '@/lib/control/alerts/alert-store';
import type { Facts } from '@/lib/control/control';
import { flagStore } from '@/lib/control/flags/flag-store';
import { LastGood } from '@/lib/control/flags/policy-reader';
import { newestMigration, registeredProviders } from '@/lib/control/flags/provider-registry';
import { tellingSchema } from '@/lib/control/flags/schema-there';
import { instanceStore } from '@/lib/control/instances/instance-store';
import { journalStore } from '@/lib/control/journal/journal-store';
import { recordingStore } from '@/lib/control/scene/recording-store';
import { tickStore } from '@/lib/control/ticks/tick-store';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import type { Sql } from '@/lib/postgres/sql';

export interface ControlParts {
  readonly sql: Sql;
  /** A connection that only ticks use: a rollback must not wait for somebody's chart. */
  readonly tickSql: Sql;
  readonly split: string;
  readonly build: string;
  readonly mode: Facts['mode'];
  readonly environmentCostUsd: number | null;
}

/** The control plane's verbs on a real database. */
export function buildControl({ sql, tickSql, ...facts }: ControlParts): ChartedControl {
  const lastGood = new LastGood();
  const { split } = facts;
  const telling = <T extends object>(store: T) => tellingSchema(store, sql);
  return {
    flags: telling(flagStore(sql, split, lastGood)),
    journal: telling(journalStore(sql)),
    metrics: telling(metricsStore(sql)),
    series: telling(seriesStore(sql)),
    recordings: telling(recordingStore(sql, split)),
    instances: telling(instanceStore(sql)),
    alerts: telling(alertStore(sql)),
    ticks: telling(tickStore(tickSql, split, lastGood)),
    facts: telling({ ...facts, migration: () => newestMigration(sql), registered: () => registeredProviders(sql) }),
  };
}
