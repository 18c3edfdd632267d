import { readFileSync } from 'node:fs';

export interface Target {
  /** The URL without what only libpq understands: the driver would send it to the server as a setting. */
  readonly url: string;
  readonly pooled: boolean;
  /** Several hosts: take the one that can be written to, also after a failover. */
  readonly readWrite: boolean;
  /** TLS with a certificate authority of one's own; undefined: as `sslmode` says. */
  readonly ssl: { readonly ca: string } | undefined;
}

const onlyLibpq = ['pgbouncer', 'connection_limit', 'pool_timeout', 'channel_binding', 'sslrootcert', 'gssencmode'];

/** Supavisor and PgBouncer in transaction mode listen on 6543; other poolers are said with `pgbouncer=true`. */
export function readUrl(url: string, pooled?: boolean): Target {
  const [base = '', query = ''] = url.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const hosts = base.slice(base.lastIndexOf('@') + 1).split('/')[0] ?? '';
  const rootCert = parameters.get('sslrootcert');
  const result = {
    pooled: pooled ?? (parameters.get('pgbouncer') === 'true' || /:6543(,|$)/.test(hosts)),
    readWrite: hosts.includes(',') && !parameters.has('target_session_attrs'),
    ssl: rootCert === null || rootCert === 'system' ? undefined : { ca: readFileSync(rootCert, 'utf8') },
  };
  // The driver knows `system` as verify-full against the system's authorities.
  if (rootCert === 'system') parameters.set('sslmode', 'verify-full');
  for (const name of onlyLibpq) parameters.delete(name);
  const rest = parameters.toString();
  return { ...result, url: rest === '' ? base : `${base}?${rest}` };
}
