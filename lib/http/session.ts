import { createHmac, hkdfSync } from 'node:crypto';
import type { Actor } from '@/lib/operations/ports';
import type { Role } from '@/lib/rollout/snapshot';
import { bearerOf, secretsEqual } from './constant-time';
import type { Authenticator } from './guard';
import { sessionCookie, sessionSeconds } from './session-cookie';

/** Sessions that any process with the same secret can read, so that signing in survives a lost database. */
export interface SessionKey {
  seal(actor: Actor, nowMs: number): string;
  open(cookie: string, nowMs: number): Actor | null;
}

export function sessionKey(secret: string): SessionKey {
  const key = Buffer.from(hkdfSync('sha256', secret, 'sluice', 'session', 32));
  const sign = (payload: string) => createHmac('sha256', key).update(payload).digest('base64url');
  return {
    seal({ name, role }, nowMs) {
      const claims = { name, role, until: nowMs + sessionSeconds * 1000 };
      const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
      return `${payload}.${sign(payload)}`;
    },
    open(cookie, nowMs) {
      const [payload = '', signature = ''] = cookie.split('.');
      if (!secretsEqual(signature, sign(payload))) return null;
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Actor & { until: number };
      return claims.until > nowMs ? { name: claims.name, role: claims.role as Role } : null;
    },
  };
}

/** `Authorization: Bearer $SLUICE_ADMIN_TOKEN`. */
export function tokenAuthenticator(adminToken: string): Authenticator {
  return async (incoming) => {
    const token = bearerOf(incoming.header('authorization'));
    return token !== null && secretsEqual(token, adminToken) ? adminActor : null;
  };
}

export function cookieAuthenticator(key: SessionKey, now: () => number): Authenticator {
  return async (incoming) => {
    const cookie = sessionCookie(incoming);
    return cookie === null ? null : key.open(cookie, now());
  };
}

export const adminActor: Actor = { name: 'operator:admin', role: 'admin' };
