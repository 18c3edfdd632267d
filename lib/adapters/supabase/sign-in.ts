import { type AuthError, isAuthRetryableFetchError, type SupabaseClient, type User } from '@supabase/supabase-js';
import type { Directory, DirectoryOutcome } from '@/lib/operations/ports';
import { type SupabaseProject, supabaseClient } from './client';
import { outcomeOf } from './identity';
import { VerifiedTokens } from './verified-tokens';

/** Operators who are users of a Supabase project. */
export function supabaseDirectory(project: SupabaseProject, now: () => number): Directory {
  // Shared, because it keeps the project's public keys; it never holds a session.
  const verifier = supabaseClient(project);
  const verified = new VerifiedTokens(now);
  const fresh = () => supabaseClient(project).auth;
  return {
    withPassword: (email, password) => signIn(() => fresh().signInWithPassword({ email, password })),
    withCode: (email, token) => signIn(() => fresh().verifyOtp({ email, token, type: 'email' })),
    withLink: (tokenHash) => signIn(() => fresh().verifyOtp({ token_hash: tokenHash, type: 'email' })),

    async sendCode(email, redirectTo) {
      const options = { shouldCreateUser: false, ...(redirectTo ? { emailRedirectTo: redirectTo } : {}) };
      const { error } = await fresh().signInWithOtp({ email, options });
      return { ok: error === null, error: error?.message ?? null };
    },

    async verify(accessToken) {
      const known = verified.get(accessToken);
      if (known) return known;
      return verify(verifier, accessToken, verified, now);
    },
  };
}

type Answer = { readonly data: { readonly user: User | null }; readonly error: AuthError | null };

async function signIn(ask: () => Promise<Answer>): Promise<DirectoryOutcome> {
  const { data, error } = await ask();
  if (error) return failure(error);
  return data.user ? outcomeOf(data.user.email, data.user.app_metadata) : { kind: 'refused' };
}

/** Asymmetric keys are checked here against the project's JWKS, shared secrets by asking the project. */
async function verify(
  client: SupabaseClient,
  token: string,
  verified: VerifiedTokens,
  now: () => number,
): Promise<DirectoryOutcome> {
  try {
    const { data, error } = await client.auth.getClaims(token);
    if (error) return failure(error);
    const claims = data?.claims;
    if (claims?.role !== 'authenticated' || claims.exp * 1000 <= now()) return { kind: 'refused' };
    const outcome = outcomeOf(claims.email as string | undefined, claims.app_metadata);
    verified.keep(token, outcome, claims.exp * 1000);
    return outcome;
  } catch (error) {
    // getClaims throws plain errors for what is not a token at all.
    return isAway(error) ? { kind: 'away', error: String((error as Error).message) } : { kind: 'refused' };
  }
}

function failure(error: AuthError): DirectoryOutcome {
  return isAway(error) ? { kind: 'away', error: error.message } : { kind: 'refused' };
}

function isAway(error: unknown): boolean {
  const status = (error as { status?: unknown }).status;
  return isAuthRetryableFetchError(error) || (typeof status === 'number' && (status >= 500 || status === 429));
}
