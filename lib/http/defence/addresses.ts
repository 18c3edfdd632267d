import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { Env } from '@/lib/config/env';
import { excerpt } from '@/lib/kernel/excerpt';
import { onceInProcess } from '@/lib/kernel/once-in-process';
import { Problem } from '../problem';

/**
 * Who sent a request: the socket's peer, or with `trustedHops` proxies of ours in front the address that the first of
 * them saw. Counted from the right, where our proxies write: what stands further left anybody may have sent along.
 */
export function callerAddress(forwardedFor: string | null, socket: string | null, trustedHops: number): string | null {
  if (trustedHops === 0) return socket;
  const said = forwardedFor === null ? [] : forwardedFor.split(',').map(bare);
  return said[Math.max(0, said.length - trustedHops)] ?? socket;
}

/** What throttles count by: an IPv6 customer has a whole /64, so that is one caller. */
export function addressGroup(address: string | null): string {
  if (address === null) return 'unknown';
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':');
}

/** Some proxies write a port, and brackets around IPv6; null for what is no address. */
function bare(part: string): string | undefined {
  const text = part.trim();
  const address = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(address) === 0 ? undefined : address;
}

export const peerHeader = 'x-sluice-peer';

/** Only the front of this process knows it, so a client cannot tell a route handler who the peer is. */
function mark(): string {
  return onceInProcess('peer mark', () => randomBytes(16).toString('hex'));
}

/** What the front tells the route handlers behind it, which see no socket. */
export function peerValue(remote: string | null): string {
  return `${mark()} ${remote ?? ''}`;
}

/**
 * The caller's address for a route handler. Without the front there is no socket to ask: on Vercel its own header says,
 * behind proxies of ours X-Forwarded-For does, and otherwise all callers count as one.
 */
export function peerOf(headers: Headers, env: Pick<Env, 'VERCEL' | 'SLUICE_TRUST_PROXY'>): string | null {
  const [given, remote] = (headers.get(peerHeader) ?? '').split(' ');
  if (given === mark()) return remote || null;
  // Vercel writes this one itself, whatever the caller sent.
  if (env.VERCEL) return headers.get('x-vercel-forwarded-for');
  return callerAddress(headers.get('x-forwarded-for'), null, env.SLUICE_TRUST_PROXY);
}

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
    `The Host "${excerpt(String(host ?? ''))}" is not one this service answers to; add it to SLUICE_ALLOWED_HOSTS.`,
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
