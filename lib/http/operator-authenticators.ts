import { type Door, knownBy } from '@/lib/operations/sign-in';
import { bearerOf } from './constant-time';
import type { Authenticator } from './guard';
import { sessionCookie } from './session-cookie';

/** Sessions, operators' tokens and, where Supabase is set up, its access tokens; each verified at each request. */
export function operatorAuthenticators(door: Door): readonly Authenticator[] {
  return [bySession(door), byToken(door), byAccessToken(door)];
}

function bySession({ sessions, tokens }: Door): Authenticator {
  return async (incoming) => {
    const cookie = sessionCookie(incoming);
    return cookie?.startsWith('sls_') ? sessions.find(tokens.digest(cookie)) : null;
  };
}

function byToken({ operators, tokens }: Door): Authenticator {
  return async (incoming) => {
    const token = bearerOf(incoming.header('authorization'));
    return token?.startsWith('slo_') ? operators.byToken(tokens.digest(token)) : null;
  };
}

function byAccessToken({ directory }: Door): Authenticator {
  return async (incoming) => {
    const token = bearerOf(incoming.header('authorization'));
    if (directory === null || token === null || token.length > 8192 || token.split('.').length !== 3) return null;
    return knownBy(await directory.verify(token));
  };
}
