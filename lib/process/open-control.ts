import type { ChartedControl } from '@/lib/charts/series-store';
import { type IntegrityStore, integrityStore } from '@/lib/control/journal/integrity-store';
import { maintainEvents } from '@/lib/log/upkeep/maintenance';
import { connect } from '@/lib/postgres/connection';
import { type Access, type AccessSettings, openAccess } from './build-access';
import { buildControls, type ChartedControls } from './build-control';
import { storeCalls } from './store-calls';

export interface OpenControl {
  readonly controls: ChartedControls;
  /** The first split's. */
  readonly control: ChartedControl;
  readonly integrity: IntegrityStore;
  /** Who may come in and where alerts go out, on the same connections; open for as long as these. */
  access(settings: AccessSettings): Access;
  /** Compaction, partitions, indexes and tidying, as long as they take; any number of processes may. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}

interface OpenControlOptions {
  readonly name?: string;
  readonly pooled?: boolean;
  readonly build?: string;
  readonly environmentCostUsd?: number | null;
}

/** The control plane on a database alone, for the command line and the watchdog: no web process, no environment. */
export async function openControl(url: string, options: OpenControlOptions = {}): Promise<OpenControl> {
  const { name = 'cli', environmentCostUsd = null, build = 'dev' } = options;
  const pooled = options.pooled === undefined ? {} : { pooled: options.pooled };
  const sql = connect(url, { name, max: 3, ...pooled });
  // Opened by the first tick and never given back: when connections are scarce these are there.
  const tickSql = connect(url, { name: `${name} tick`, max: 2, maxLifetimeSeconds: null, ...pooled });
  // Long statements are silent, and nothing else may wait behind them.
  const upkeepSql = connect(url, { name: `${name} upkeep`, max: 1, silenceMs: null, ...pooled });
  const controls = buildControls({ sql, tickSql, build, mode: 'live', environmentCostUsd });
  return {
    controls,
    control: controls.first,
    integrity: storeCalls(integrityStore(sql), { sql }),
    access: (settings) => openAccess(sql, settings),
    maintain: async () => {
      await maintainEvents(upkeepSql);
    },
    close: async () => {
      await Promise.all([sql, tickSql, upkeepSql].map((each) => each.end({ timeout: 2 })));
    },
  };
}
