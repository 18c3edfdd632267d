import type { Control } from '@/lib/control/control';
import { webhookNotifier } from '@/lib/notify/webhook-notifier';
import { connect } from '@/lib/postgres/connection';
import type { Sql } from '@/lib/postgres/sql';
import { buildControls } from '../build-control';

/** What the commands of sluice.yaml need of a database. */
export interface OpenConfig {
  readonly sql: Sql;
  controlOf(key: string): Control;
  /** Why alerts cannot go to an address; null when they can. */
  addressFault(url: string): Promise<string | null>;
  close(): Promise<void>;
}

interface OpenConfigOptions {
  readonly pooled?: boolean;
  readonly environmentCostUsd: number | null;
  readonly allowPrivateWebhooks: boolean;
}

export function openConfig(url: string, options: OpenConfigOptions): OpenConfig {
  const { environmentCostUsd, allowPrivateWebhooks: allowPrivate, pooled } = options;
  const sql = connect(url, { name: 'cli config', max: 3, ...(pooled === undefined ? {} : { pooled }) });
  const controls = buildControls({ sql, tickSql: sql, build: 'dev', mode: 'live', environmentCostUsd });
  const notifier = webhookNotifier({ allowPrivate, publicUrl: null, now: Date.now });
  return {
    sql,
    controlOf: (key) => controls.of(key),
    addressFault: (address) => notifier.addressFault(address),
    close: async () => {
      await Promise.all([sql.end({ timeout: 2 }), notifier.close()]);
    },
  };
}
