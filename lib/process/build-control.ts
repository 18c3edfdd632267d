import { type ChartedControl, seriesStore } from '@/lib/charts/series-store';
import { alertStore } from '@/lib/control/alerts/alert-store';
import type { Facts } from '@/lib/control/control';
import { flagStore } from '@/lib/control/flags/flag-store';
import { newestMigration } from '@/lib/control/flags/schema-there';
import { LastGood, registeredProviders } from '@/lib/control/flags/stored-flags';
import { instanceStore } from '@/lib/control/instances/instance-store';
import { journalStore } from '@/lib/control/journal/journal-store';
import { recordingStore } from '@/lib/control/rollout/recording-store';
import type { Controls } from '@/lib/control/splits/controls';
import { keyOfSlug, listSplits } from '@/lib/control/splits/split-list';
import { tickStore } from '@/lib/control/ticks/tick-store';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import type { Pulse } from '@/lib/postgres/pulse';
import type { Sql } from '@/lib/postgres/sql';
import { firstSplit, policyKeyOf, usualSlug } from '@/lib/split/split-key';
import { type CallRules, storeCalls } from './store-calls';

interface ControlParts {
  readonly sql: Sql;
  /** A connection that only ticks use: a rollback must not wait for a chart. */
  readonly tickSql: Sql;
  readonly build: string;
  readonly mode: Facts['mode'];
  readonly environmentCostUsd: number | null;
  /** Whether the store answers; left out, a call waits as long as its connection does. */
  readonly pulse?: Pulse;
  /** Called after each write of an operator. */
  readonly tell?: () => void;
}

export type ChartedControls = Controls<ChartedControl>;

/** The control plane's verbs on a real database, for every split of it. */
export function buildControls(parts: ControlParts): ChartedControls {
  const { sql } = parts;
  const made = new Map<string, ChartedControl>();
  // What splits are called may change while we run: known as of the last look.
  const slugs = new Map<string, string>();
  const slugOf = (key: string) => slugs.get(key) ?? usualSlug(key);
  const of = (key: string) => {
    const control = made.get(key) ?? buildControl(parts, key, () => slugOf(key));
    made.set(key, control);
    return control;
  };
  const splits = callsOf(parts)({ list: () => listSplits(sql), keyOfSlug: (slug: string) => keyOfSlug(sql, slug) });
  return {
    first: of(firstSplit),
    of,
    async list() {
      const listed = await splits.list();
      for (const { key, slug } of listed) slugs.set(key, slug);
      return listed;
    },
    async bySlug(slug) {
      const key = await splits.keyOfSlug(slug);
      if (key === null) return null;
      slugs.set(key, slug);
      return of(key);
    },
  };
}

function callsOf({ sql, pulse, tell }: ControlParts) {
  return <T extends object>(store: T, rules: Pick<CallRules<keyof T>, 'patient' | 'writes'> = {}) =>
    storeCalls(store, { sql, ...(pulse && { pulse }), ...(tell && { tell }), ...rules });
}

function buildControl(parts: ControlParts, split: string, slug: () => string): ChartedControl {
  const { sql, tickSql, build, mode, environmentCostUsd } = parts;
  const lastGood = new LastGood();
  const calls = callsOf(parts);
  return {
    flags: calls(flagStore(sql, split, lastGood), { writes: ['writeWeights', 'writeState', 'writePolicy'] }),
    journal: calls(journalStore(sql)),
    metrics: calls(metricsStore(sql, split)),
    series: calls(seriesStore(sql, split)),
    recordings: calls(recordingStore(sql, split)),
    instances: calls(instanceStore(sql)),
    alerts: calls(alertStore(sql), { writes: ['acknowledge'] }),
    // What a tick decided may land until its own deadline.
    ticks: calls(tickStore(tickSql, split, lastGood), { patient: ['inSlot', 'recordFailure'] }),
    facts: calls({
      ...{ build, mode, environmentCostUsd, split },
      policyKey: policyKeyOf(split),
      get slug() {
        return slug();
      },
      migration: () => newestMigration(sql),
      registered: () => registeredProviders(sql),
    }),
  };
}
