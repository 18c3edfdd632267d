import { join } from 'node:path';
import type { Env } from '@/lib/config/env';
import { connect } from '@/lib/postgres/connection';
import type { Sql } from '@/lib/postgres/sql';
import { readUrl } from '@/lib/postgres/url';

/** The connections of a web process, by what may not wait for what. null without a database. */
export interface Connections {
  readonly isPooled: boolean;
  readonly events: Sql;
  /** Idempotency keys, vouchers and the heartbeat. */
  readonly requests: Sql;
  /** A connection of its own for LISTEN. */
  openListener(): Sql;
  /** One for the weights' poll, that nothing else can hold up; given up as soon as it is silent. */
  openPoll(): Sql;
  end(): Promise<void>;
}

export function openConnections(env: Env): Connections | null {
  const url = env.DATABASE_URL;
  if (url === undefined) return null;
  const open = (name: string, max: number, silenceMs: number | null, obeysReadOnly = false) => {
    const pooled = env.SLUICE_POOLED ? { pooled: true } : {};
    return connect(url, { name, max, silenceMs, connectTimeoutSeconds: 2, obeysReadOnly, ...pooled });
  };
  // Events can wait on our disk, where a database that is read only by default may have none left.
  const events = open('events', 2, 6000, true);
  const requests = open('requests', 3, 3000);
  return {
    isPooled: readUrl(url, env.SLUICE_POOLED).pooled,
    events,
    requests,
    openListener: () => open('listen', 1, null),
    openPoll: () => open('weights', 1, null),
    end: async () => {
      await Promise.all([events, requests].map((sql) => sql.end({ timeout: 0.3 }).catch(() => undefined)));
    },
  };
}

/** Names a database without its password: weights kept in a file are only good for the database they came from. */
export function databaseName(env: Env): string {
  return (env.DATABASE_URL ?? 'none').replace(/^(\w+:\/\/[^:/@]*):[^@]*@/, '$1@');
}

export function inDataDir(env: Env, name: string): string {
  return join(env.SLUICE_DATA_DIR, name);
}
