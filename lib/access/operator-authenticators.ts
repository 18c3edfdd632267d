import { bearerOf } from '@/lib/kernel/constant-time';
import type { Authenticator } from './guard';
import { sessionCookie } from './session-cookie';
import { type Identities, knownBy } from './sign-in';
import { tokens } from './tokens';
import { isUnattended } from './unattended';

/** Sessions, operators' tokens and, where Supabase is set up, its access tokens; each verified at each request. */
export function operatorAuthenticators(identities: Identities): readonly Authenticator[] {
  return [bySession(identities), byToken(identities), byAccessToken(identities)];
}

function bySession({ sessions }: Identities): Authenticator {
  return async (incoming) => {
    const cookie = sessionCookie(incoming);
    if (!cookie?.startsWith('sls_')) return null;
    const idHash = tokens.digest(cookie);
    return isUnattended(incoming) ? sessions.peek(idHash) : sessions.find(idHash);
  };
}

function byToken({ operators }: Identities): Authenticator {
  return async (incoming) => {
    const token = bearerOf(incoming.header('authorization'));
    return token?.startsWith('slo_') ? operators.byToken(tokens.digest(token)) : null;
  };
}

function byAccessToken({ directory }: Identities): Authenticator {
  return async (incoming) => {
    const token = bearerOf(incoming.header('authorization'));
    if (directory === null || token === null || token.length > 8192 || token.split('.').length !== 3) return null;
    return knownBy(await directory.verify(token));
  };
}
