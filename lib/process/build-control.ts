import { incidentLog } from '@/lib/charts/incident/incident-log';
import { requestLog } from '@/lib/charts/requests/request-log';
import { type ChartedControl, seriesStore } from '@/lib/charts/series-store';
import { alertStore } from '@/lib/control/alerts/alert-store';
import { cardStore } from '@/lib/control/cards/card-store';
import { comparisonStore } from '@/lib/control/comparisons/comparison-store';
import type { Facts } from '@/lib/control/control';
import { flagStore } from '@/lib/control/flags/flag-store';
import { LastGood } from '@/lib/control/flags/last-good';
import { newestMigration } from '@/lib/control/flags/schema-there';
import { namesOfSplit, registeredProviders } from '@/lib/control/flags/stored-flags';
import { instanceStore } from '@/lib/control/instances/instance-store';
import { journalStore } from '@/lib/control/journal/journal-store';
import { rolloutsElsewhere } from '@/lib/control/rollout/elsewhere';
import { recordingStore } from '@/lib/control/rollout/recording-store';
import { storyStore } from '@/lib/control/snapshot/story/story-store';
import type { Controls } from '@/lib/control/splits/controls';
import { registryStore, registryWrites } from '@/lib/control/splits/registry-store';
import { listLines } from '@/lib/control/splits/split-lines';
import { keyOfSlug, listSplits } from '@/lib/control/splits/split-list';
import { passStore } from '@/lib/control/ticks/pass-store';
import { type Remembered, tickStore } from '@/lib/control/ticks/tick-store';
import { metricsStore, SharedReads } from '@/lib/log/buckets/metrics-store';
import type { Pulse } from '@/lib/postgres/pulse';
import type { Sql } from '@/lib/postgres/sql';
import { firstSplit, policyKeyOf, usualSlug } from '@/lib/split/split-key';
import { type CallRules, storeCalls } from './store-calls';

interface ControlParts {
  readonly sql: Sql;
  /** Two connections that only ticks use, the claim of a slot and what is done in it: a rollback must not wait for a chart. */
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
  const { sql, tickSql } = parts;
  const remembered = rememberedBySplit();
  const made = new Map<string, ChartedControl>();
  // What splits are called may change while we run: known as of the last look.
  const slugs = new Map<string, string>();
  const slugOf = (key: string) => slugs.get(key) ?? usualSlug(key);
  const of = (key: string) => {
    const control = made.get(key) ?? buildControl(parts, { split: key, slug: () => slugOf(key), remembered });
    made.set(key, control);
    return control;
  };
  const splits = callsOf(parts)({
    list: () => listSplits(sql),
    lines: (most: number) => listLines(sql, most),
    keyOfSlug: (slug: string) => keyOfSlug(sql, slug),
  });
  return {
    first: of(firstSplit),
    registry: callsOf(parts)(registryStore(sql), { writes: registryWrites }),
    of,
    passes: passStore(tickSql, remembered),
    async list() {
      const listed = await splits.list();
      for (const { key, slug } of listed) slugs.set(key, slug);
      return listed;
    },
    lines: splits.lines,
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

/** What ticks remember of each split; what was read of all is kept in one place. */
function rememberedBySplit(): (split: string) => Remembered {
  const reads = new SharedReads();
  const known = new Map<string, Remembered>();
  return (split) => {
    const found = known.get(split) ?? { lastGood: new LastGood(split), reads };
    known.set(split, found);
    return found;
  };
}

interface OneSplit {
  readonly split: string;
  readonly slug: () => string;
  readonly remembered: (split: string) => Remembered;
}

function buildControl(parts: ControlParts, { split, slug, remembered }: OneSplit): ChartedControl {
  const { sql, tickSql, build, mode, environmentCostUsd } = parts;
  const { lastGood } = remembered(split);
  const calls = callsOf(parts);
  return {
    flags: calls(flagStore(sql, split, lastGood), { writes: ['writeWeights', 'writeState', 'writePolicy'] }),
    journal: calls(journalStore(sql)),
    metrics: calls(metricsStore(sql, split)),
    series: calls(seriesStore(sql, split)),
    requests: calls(requestLog(sql, split)),
    incidents: calls(incidentLog(sql, split)),
    comparisons: calls(comparisonStore(sql, split)),
    recordings: calls(recordingStore(sql, split)),
    instances: calls(instanceStore(sql)),
    story: calls(storyStore(sql, split)),
    cards: calls(cardStore(sql)),
    alerts: calls(alertStore(sql, split), { writes: ['acknowledge'] }),
    // What a tick decided may land until its own deadline.
    ticks: calls(tickStore(tickSql, split, remembered(split)), { patient: ['inSlot', 'recordFailure'] }),
    facts: {
      ...{ build, mode, environmentCostUsd, split },
      policyKey: policyKeyOf(split),
      get slug() {
        return slug();
      },
      ...calls({
        migration: () => newestMigration(sql),
        named: () => namesOfSplit(sql, split),
        elsewhere: () => rolloutsElsewhere(sql, split),
        registered: () => registeredProviders(sql),
      }),
    },
  };
}
