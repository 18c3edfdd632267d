import { type AuthError, isAuthRetryableFetchError, type SupabaseClient, type User } from '@supabase/supabase-js';
import type { DirectoryOutcome } from '../identity';
import { type SupabaseProject, supabaseClient } from './client';
import { outcomeOf } from './identity';
import { hasFactor, secondFactor } from './second-factor';
import { VerifiedTokens } from './verified-tokens';

/** The Supabase project in which the team keeps its users. */
export type Directory = ReturnType<typeof supabaseDirectory>;

/** Operators who are users of a Supabase project. */
export function supabaseDirectory(project: SupabaseProject, now: () => number, requireMfa = false) {
  // Shared, because it keeps the project's public keys; it never holds a session.
  const verifier = supabaseClient(project);
  const verified = new VerifiedTokens(now);
  const fresh = () => supabaseClient(project).auth;
  const signIn = async (mfaCode: string | null, ask: (auth: Auth) => Promise<Answer>): Promise<DirectoryOutcome> => {
    const auth = fresh();
    const { data, error } = await ask(auth);
    if (error) return failure(error);
    if (!data.user) return { kind: 'refused' };
    const outcome = outcomeOf(data.user.email, data.user.app_metadata);
    if (outcome.kind !== 'known') return outcome;
    const second = await secondFactor(auth, data.user, mfaCode, requireMfa);
    if (second.kind === 'wrong') return failure(second.error as AuthError);
    return second.kind === 'enough' ? outcome : { kind: 'mfa', why: second.kind, name: outcome.who.name };
  };
  return {
    /** `mfaCode`: of the second factor, where the person has one. */
    withPassword: (email: string, password: string, mfaCode: string | null = null): Promise<DirectoryOutcome> =>
      signIn(mfaCode, (auth) => auth.signInWithPassword({ email, password })),
    withCode: (email: string, token: string, mfaCode: string | null = null): Promise<DirectoryOutcome> =>
      signIn(mfaCode, (auth) => auth.verifyOtp({ email, token, type: 'email' })),
    /** The `token_hash` of a mailed link. */
    withLink: (tokenHash: string): Promise<DirectoryOutcome> =>
      signIn(null, (auth) => auth.verifyOtp({ token_hash: tokenHash, type: 'email' })),

    /** Sends a magic link or code; says nothing about whether the address is known. */
    async sendCode(
      email: string,
      redirectTo: string | null,
    ): Promise<{ readonly ok: boolean; readonly error: string | null }> {
      const options = { shouldCreateUser: false, ...(redirectTo ? { emailRedirectTo: redirectTo } : {}) };
      const { error } = await fresh().signInWithOtp({ email, options });
      return { ok: error === null, error: error?.message ?? null };
    },

    /** Verifies an access token of a request; forged and expired ones are `refused`. */
    async verify(accessToken: string): Promise<DirectoryOutcome> {
      const known = verified.get(accessToken);
      if (known) return known;
      return verify({ client: verifier, verified, now, requireMfa }, accessToken);
    },
  };
}

type Auth = SupabaseClient['auth'];
type Answer = { readonly data: { readonly user: User | null }; readonly error: AuthError | null };

interface Verifier {
  readonly client: SupabaseClient;
  readonly verified: VerifiedTokens;
  readonly now: () => number;
  readonly requireMfa: boolean;
}

/** Asymmetric keys are checked here against the project's JWKS, shared secrets by asking the project. */
async function verify(verifier: Verifier, token: string): Promise<DirectoryOutcome> {
  const { client, verified, now } = verifier;
  try {
    const { data, error } = await client.auth.getClaims(token);
    if (error) return failure(error);
    const claims = data?.claims;
    if (claims?.role !== 'authenticated' || claims.exp * 1000 <= now()) return { kind: 'refused' };
    const said = outcomeOf(claims.email as string | undefined, claims.app_metadata);
    const outcome = said.kind === 'known' && claims.aal !== 'aal2' ? await ofOneFactor(verifier, token, said) : said;
    if (outcome.kind === 'away') return outcome;
    verified.keep(token, outcome, claims.exp * 1000);
    return outcome;
  } catch (error) {
    // getClaims throws plain errors for what is not a token at all.
    return isAway(error) ? { kind: 'away', error: String((error as Error).message) } : { kind: 'refused' };
  }
}

/** A token got by one factor is enough for a person who has enrolled no second one; the token does not say so. */
async function ofOneFactor(
  { client, requireMfa }: Verifier,
  token: string,
  outcome: DirectoryOutcome & { readonly kind: 'known' },
): Promise<DirectoryOutcome> {
  const { name } = outcome.who;
  if (requireMfa) return { kind: 'mfa', why: 'needed', name };
  const { data, error } = await client.auth.getUser(token);
  if (error) return failure(error);
  return hasFactor(data.user) ? { kind: 'mfa', why: 'needed', name } : outcome;
}

function failure(error: AuthError): DirectoryOutcome {
  return isAway(error) ? { kind: 'away', error: error.message } : { kind: 'refused' };
}

function isAway(error: unknown): boolean {
  const status = (error as { status?: unknown }).status;
  return isAuthRetryableFetchError(error) || (typeof status === 'number' && (status >= 500 || status === 429));
}
