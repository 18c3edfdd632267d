import { readFileSync } from 'node:fs';
import { bareHost } from '@/lib/kernel/private-address';

export interface Host {
  readonly host: string;
  readonly port: number;
}

export interface Target {
  /** The URL as the driver is given it: the first host alone, without what only libpq understands. */
  readonly url: string;
  /** All hosts, in the order they are tried; empty when the URL leaves the host to the driver. */
  readonly hosts: readonly Host[];
  readonly pooled: boolean;
  /** Several hosts: take the one that can be written to, also after a failover. */
  readonly readWrite: boolean;
  /** TLS with a certificate authority of one's own; undefined: as `sslmode` says. */
  readonly ssl: { readonly ca: string } | undefined;
}

/** The driver would send these to the server as settings, and the server would refuse the connection. */
const notSettings = [
  ...['pgbouncer', 'connection_limit', 'pool_timeout', 'channel_binding', 'sslrootcert', 'gssencmode'],
  ...['target_session_attrs', 'load_balance_hosts'],
  // Supabase's integration marks its URLs with it.
  'supa',
];

/** Supavisor and PgBouncer in transaction mode listen on 6543; other poolers are said with `pgbouncer=true`. */
export function readUrl(url: string, pooled?: boolean): Target {
  const [base = '', query = ''] = url.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const { start, named, parts } = locate(base);
  const rootCert = parameters.get('sslrootcert');
  const result = {
    hosts: parts.map(readHost),
    pooled: pooled ?? (parameters.get('pgbouncer') === 'true' || /:6543(,|$)/.test(named)),
    readWrite: parts.length > 1 && parameters.get('target_session_attrs') !== 'any',
    ssl: rootCert === null || rootCert === 'system' ? undefined : { ca: readFileSync(rootCert, 'utf8') },
  };
  // The driver knows `system` as verify-full against the system's authorities.
  if (rootCert === 'system') parameters.set('sslmode', 'verify-full');
  for (const name of notSettings) parameters.delete(name);
  const rest = parameters.toString();
  const alone = base.slice(0, start) + (parts[0] ?? '') + base.slice(start + named.length);
  return { ...result, url: rest === '' ? alone : `${alone}?${rest}` };
}

/** The hosts a URL names; several hosts are none to the WHATWG parser. */
export function databaseHosts(url: string): Host[] {
  return locate(url.split('?')[0] ?? '').parts.map(readHost);
}

function locate(base: string): { start: number; named: string; parts: string[] } {
  const start = base.includes('@') ? base.lastIndexOf('@') + 1 : base.indexOf('://') + 3;
  const named = base.slice(start).split('/')[0] ?? '';
  return { start, named, parts: named.split(',').filter((part) => part !== '') };
}

function readHost(part: string): Host {
  const [, host = part, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(part) ?? [];
  return { host: decodeURIComponent(bareHost(host)), port: Number(port ?? 5432) };
}
