import type { Env } from '@/lib/config/env';
import { Problem } from '../problem';

/** Names this service answers to. Any other Host is a rebinding page or a stray proxy. */
export type AllowedHosts = (host: string | null | undefined) => boolean;

export function allowedHosts(env: Env): AllowedHosts {
  const names = new Set(['localhost', '127.0.0.1', '[::1]']);
  const add = (value: string | undefined) => {
    if (value) names.add(withoutPort(value.toLowerCase().replace(/^https?:\/\//, '')));
  };
  if (env.HOST !== '0.0.0.0' && env.HOST !== '::') add(env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST);
  for (const host of env.SLUICE_ALLOWED_HOSTS) add(host);
  add(env.SLUICE_PUBLIC_URL);
  add(env.VERCEL_URL);
  add(env.VERCEL_BRANCH_URL);
  add(env.VERCEL_PROJECT_PRODUCTION_URL);
  // Nearly every request names the same one.
  let last: string | null = null;
  return (host) => {
    if (typeof host !== 'string') return false;
    if (host === last || names.has(host)) return true;
    if (!names.has(withoutPort(host.toLowerCase()))) return false;
    last = host;
    return true;
  };
}

export function refuseHost(host: string | null | undefined, allowed: AllowedHosts): void {
  if (allowed(host)) return;
  throw new Problem(
    421,
    'host-not-allowed',
    `The Host "${String(host ?? '').slice(0, 64)}" is not one this service answers to; add it to SLUICE_ALLOWED_HOSTS.`,
  );
}

/** Of two Host headers the one that a proxy checked need not be the one that is read here. */
export function refuseSecondHost(rawHeaders: readonly string[]): void {
  let seen = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') seen += 1;
  }
  if (seen > 1) throw new Problem(400, 'host-twice', 'The request has more than one Host header; it must have one.');
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}
