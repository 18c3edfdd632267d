import { join } from 'node:path';
import type { Env } from '@/lib/config/env';
import { type ConnectOptions, connect } from '@/lib/postgres/connection';
import { Pulse } from '@/lib/postgres/pulse';
import type { Sql } from '@/lib/postgres/sql';
import { readUrl } from '@/lib/postgres/url';

/** The connections of a web process, by what may not wait for what; each opens when it is first asked. */
export interface Connections {
  readonly isPooled: boolean;
  readonly events: Sql;
  /** Idempotency keys, vouchers and the heartbeat. */
  readonly requests: Sql;
  /** Jobs: a wait for one of theirs holds up no image. */
  readonly jobs: Sql;
  /** Operators: who they are, what they see and do. */
  readonly control: Sql;
  /** Asked beside `control` when that takes long. */
  readonly pulse: Pulse;
  /** For the ticks of an outside cron: a rollback must not wait for an operator's chart. */
  readonly ticks: Sql;
  /** A connection of its own for LISTEN. */
  openListener(): Sql;
  /** One for the weights' poll, that nothing else can hold up; given up as soon as it is silent. */
  openPoll(): Sql;
  end(): Promise<void>;
}

/** null without a database. */
export function openConnections(env: Env): Connections | null {
  const url = env.DATABASE_URL;
  if (url === undefined) return null;
  const pooled = env.SLUICE_POOLED === undefined ? {} : { pooled: env.SLUICE_POOLED };
  const open = (name: string, max: number, silenceMs: number | null, more: Partial<ConnectOptions> = {}) =>
    connect(url, { name, max, silenceMs, connectTimeoutSeconds: 2, ...pooled, ...more });
  const patient = { connectTimeoutSeconds: 3 };
  // Events can wait on our disk, where a database that is read only by default may have none left.
  const events = open('events', 2, 6000, { obeysReadOnly: true });
  const requests = open('requests', 3, 3000);
  const jobs = open('jobs', 4, 3000);
  const control = open('control', 6, 8000, patient);
  const ticks = open('cron', 2, 8000, patient);
  const pulse = new Pulse(() => open('pulse', 1, 8000, patient));
  return {
    isPooled: readUrl(url, env.SLUICE_POOLED).pooled,
    ...{ events, requests, jobs, control, pulse, ticks },
    openListener: () => open('listen', 1, null),
    openPoll: () => open('weights', 1, null),
    end: async () => {
      const pools = [events, requests, jobs, control, ticks];
      await Promise.all([pulse.close(), ...pools.map((sql) => sql.end({ timeout: 0.3 }).catch(() => undefined))]);
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
