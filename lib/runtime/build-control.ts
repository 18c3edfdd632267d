import { alertStore } from '@/lib/adapters/postgres/alert-store';
import type { Sql } from '@/lib/adapters/postgres/connection';
import { flagStore } from '@/lib/adapters/postgres/flag-store';
import { instanceStore } from '@/lib/adapters/postgres/instance-store';
import { journalStore } from '@/lib/adapters/postgres/journal-store';
import { metricsStore } from '@/lib/adapters/postgres/metrics-store';
import { LastGood } from '@/lib/adapters/postgres/policy-reader';
import { newestMigration, registeredProviders } from '@/lib/adapters/postgres/provider-registry';
import { recordingStore } from '@/lib/adapters/postgres/recording-store';
import { seriesStore } from '@/lib/adapters/postgres/series-store';
import { tickStore } from '@/lib/adapters/postgres/tick-store';
import { formatPolicy, readPolicyValue, renameFault } from '@/lib/config/policy';
import type { Control, Facts } from '@/lib/operations/control';

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
export function buildControl({ sql, tickSql, ...facts }: ControlParts): Control {
  const lastGood = new LastGood();
  const { split } = facts;
  return {
    flags: flagStore(sql, split, lastGood),
    journal: journalStore(sql),
    metrics: metricsStore(sql),
    series: seriesStore(sql),
    recordings: recordingStore(sql, split),
    instances: instanceStore(sql),
    alerts: alertStore(sql),
    ticks: tickStore(tickSql, split, lastGood),
    policyText: { read: readPolicyValue, wire: formatPolicy, renameFault },
    facts: { ...facts, migration: () => newestMigration(sql), registered: () => registeredProviders(sql) },
  };
}
