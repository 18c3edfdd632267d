import { type ChartedControl, seriesStore } from '@/lib/charts/series-store';
import { alertStore } from '@/lib/control/alerts/alert-store';
import type { Facts } from '@/lib/control/control';
import { flagStore } from '@/lib/control/flags/flag-store';
import { newestMigration } from '@/lib/control/flags/schema-there';
import { LastGood, registeredProviders } from '@/lib/control/flags/stored-flags';
import { instanceStore } from '@/lib/control/instances/instance-store';
import { journalStore } from '@/lib/control/journal/journal-store';
import { recordingStore } from '@/lib/control/rollout/recording-store';
import { tickStore } from '@/lib/control/ticks/tick-store';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import type { Pulse } from '@/lib/postgres/pulse';
import type { Sql } from '@/lib/postgres/sql';
import { type CallRules, storeCalls } from './store-calls';

interface ControlParts {
  readonly sql: Sql;
  /** A connection that only ticks use: a rollback must not wait for a chart. */
  readonly tickSql: Sql;
  readonly split: string;
  readonly build: string;
  readonly mode: Facts['mode'];
  readonly environmentCostUsd: number | null;
  /** Whether the store answers; left out, a call waits as long as its connection does. */
  readonly pulse?: Pulse;
  /** Called after each write of an operator. */
  readonly tell?: () => void;
}

/** The control plane's verbs on a real database. */
export function buildControl({ sql, tickSql, pulse, tell, ...facts }: ControlParts): ChartedControl {
  const lastGood = new LastGood();
  const { split } = facts;
  const calls = <T extends object>(store: T, rules: Pick<CallRules<keyof T>, 'patient' | 'writes'> = {}) =>
    storeCalls(store, { sql, ...(pulse && { pulse }), ...(tell && { tell }), ...rules });
  return {
    flags: calls(flagStore(sql, split, lastGood), { writes: ['writeWeights', 'writeState', 'writePolicy'] }),
    journal: calls(journalStore(sql)),
    metrics: calls(metricsStore(sql)),
    series: calls(seriesStore(sql)),
    recordings: calls(recordingStore(sql, split)),
    instances: calls(instanceStore(sql)),
    alerts: calls(alertStore(sql), { writes: ['acknowledge'] }),
    // What a tick decided may land until its own deadline.
    ticks: calls(tickStore(tickSql, split, lastGood), { patient: ['inSlot', 'recordFailure'] }),
    facts: calls({ ...facts, migration: () => newestMigration(sql), registered: () => registeredProviders(sql) }),
  };
}
