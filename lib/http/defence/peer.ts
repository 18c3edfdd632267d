import { randomBytes } from 'node:crypto';
import type { Env } from '@/lib/config/env';
import { callerAddress } from './caller-address';

export const peerHeader = 'x-sluice-peer';

const kept = globalThis as { [key: symbol]: unknown };
const place = Symbol.for('sluice.peer-mark');

/** Only the front of this process knows it, so nobody else can tell a route handler who the peer is. */
function mark(): string {
  kept[place] ??= randomBytes(16).toString('hex');
  return kept[place] as string;
}

/** What the front tells the route handlers behind it, which see no socket. */
export function peerValue(remote: string | null): string {
  return `${mark()} ${remote ?? ''}`;
}

/**
 * The caller's address for a route handler. Without the front there is no socket to ask: on Vercel its own header says,
 * behind proxies of ours X-Forwarded-For does, and otherwise nobody is told apart from anybody.
 */
export function peerOf(headers: Headers, env: Pick<Env, 'VERCEL' | 'SLUICE_TRUST_PROXY'>): string | null {
  const [given, remote] = (headers.get(peerHeader) ?? '').split(' ');
  if (given === mark()) return remote || null;
  // Vercel writes this one itself, whatever the caller sent.
  if (env.VERCEL) return headers.get('x-vercel-forwarded-for');
  return callerAddress(headers.get('x-forwarded-for'), null, env.SLUICE_TRUST_PROXY);
}
