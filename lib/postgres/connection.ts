import postgres from 'postgres';
import { arrayTypes } from './driver-repairs/array-types';
import { dropSettings } from './driver-repairs/change-session';
import { endLostTransactions, nameAway } from './driver-repairs/lost-calls';
import { PoolerRefusal } from './driver-repairs/pooler-refusal';
import { openSocket, type SocketOptions } from './driver-repairs/silent-socket';
import { onlyDirect, sessionSettings } from './session-settings';
import type { Sql } from './sql';
import { type Host, readUrl, type Target } from './url';
import { WritableHost } from './writable-host';

export interface ConnectOptions {
  /** Shown in pg_stat_activity, so that an operator sees who holds what. */
  readonly name: string;
  readonly max?: number;
  /** Says that a transaction pooler is in between when the URL does not show it. */
  readonly pooled?: boolean;
  /**
   * A connection that was asked and says nothing for so long is dropped: a frozen Postgres never answers and never
   * closes. null for work that is silent by nature (migrations, long reports).
   */
  readonly silenceMs?: number | null;
  /** null keeps connections for ever: the watchdog's must not be given back when connections are scarce. */
  readonly maxLifetimeSeconds?: number | null;
  readonly connectTimeoutSeconds?: number;
  /** Where the database is set to read only by default, also this connection reads only. */
  readonly obeysReadOnly?: boolean;
}

/**
 * A pool of connections. bigint and numeric arrive as numbers (ids, versions and costs stay far below 2^53),
 * timestamptz as Date, json parsed.
 */
export function connect(url: string, options: ConnectOptions): Sql {
  const target = readUrl(url, options.pooled);
  const { silenceMs = 10_000, maxLifetimeSeconds = 1800, connectTimeoutSeconds = 5, obeysReadOnly = false } = options;
  const settings = sessionSettings(target, { obeysReadOnly });
  const sql: Sql = postgres(target.url, {
    max: options.max ?? 4,
    prepare: !target.pooled,
    fetch_types: false,
    connect_timeout: connectTimeoutSeconds,
    // The driver's own back-off grows to 20 s; after a restart we want to be back within the second.
    backoff: () => 0.2,
    max_lifetime: maxLifetimeSeconds,
    onnotice: () => {},
    connection: { application_name: `sluice ${options.name}`, ...settings },
    ...(target.ssl === undefined ? {} : { ssl: target.ssl }),
    socket: openSocket({
      silenceMs,
      nextHost: nextHost(url, target),
      mayConnect: target.pooled ? null : settingsTaken(url, target, () => sql),
    }),
    types: {
      ...arrayTypes(exactInteger),
      bigint: { to: 20, from: [20], serialize: String, parse: exactInteger },
      numeric: { to: 1700, from: [1700], serialize: String, parse: Number },
    },
  } as postgres.Options<Record<string, postgres.PostgresType>>) as unknown as Sql;
  return nameAway(endLostTransactions(sql));
}

const finders = new Map<string, WritableHost>();

/** One search for all pools of a process. Where any host will do, each connection takes the next. */
function nextHost(url: string, target: Target): (() => Host | Promise<Host>) | null {
  const { hosts, readWrite } = target;
  const [first] = hosts;
  if (first === undefined) return null;
  if (readWrite) {
    const finder = finders.get(url) ?? new WritableHost(hosts, (host) => askingOne(target, host));
    finders.set(url, finder);
    return () => finder.find();
  }
  let next = 0;
  return () => hosts[next++ % hosts.length] ?? first;
}

const refusals = new Map<string, PoolerRefusal>();

/** Before a connection: false when its settings are refused, and were changed to what a pooler takes. */
function settingsTaken(url: string, target: Target, pool: () => Sql): () => boolean | Promise<boolean> {
  const settings = sessionSettings(target, { obeysReadOnly: false });
  const ask = () => asking(target, 'sluice which settings', nextHost(url, target), settings);
  const refusal = refusals.get(url) ?? new PoolerRefusal(ask);
  refusals.set(url, refusal);
  let isChanged = false;
  const change = () => {
    isChanged = true;
    dropSettings(pool(), onlyDirect);
  };
  return () => {
    if (isChanged) return true;
    if (refusal.refuses) change();
    if (refusal.refuses !== null) return true;
    // Each connection that waits has its settings written down already.
    return refusal.ask().then((refuses) => {
      if (refuses) change();
      return !refuses;
    });
  };
}

/** A connection for one question to one host. */
function askingOne(target: Target, host: Host): Sql {
  return asking(target, 'sluice which host', () => host, {});
}

function asking({ url, ssl }: Target, name: string, next: SocketOptions['nextHost'], settings: object): Sql {
  return postgres(url, {
    ...{ max: 1, prepare: false, fetch_types: false, connect_timeout: 2, onnotice: () => {} },
    connection: { application_name: name, ...settings },
    ...(ssl === undefined ? {} : { ssl }),
    socket: openSocket({ silenceMs: 2000, nextHost: next }),
  } as postgres.Options<Record<string, never>>) as unknown as Sql;
}

function exactInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${text} does not fit a JavaScript number exactly`);
  return value;
}
