import type { SupabaseClient, User } from '@supabase/supabase-js';

type Auth = SupabaseClient['auth'];

type SecondFactor =
  | { readonly kind: 'enough' }
  /** There is one, and it was not shown. */
  | { readonly kind: 'needed' }
  /** There is none, and this installation asks for one. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'wrong'; readonly error: unknown };

export const hasFactor = (user: User): boolean => verified(user).length > 0;

/** After a password, code or link, a person who has enrolled a second factor shows it as well. */
export async function secondFactor(
  auth: Auth,
  user: User,
  code: string | null,
  isRequired: boolean,
): Promise<SecondFactor> {
  const factors = verified(user);
  if (factors.length === 0) return { kind: isRequired ? 'missing' : 'enough' };
  const [factor] = factors.filter((one) => one.factor_type === 'totp');
  if (code === null || factor === undefined) return { kind: 'needed' };
  const { error } = await auth.mfa.challengeAndVerify({ factorId: factor.id, code });
  return error === null ? { kind: 'enough' } : { kind: 'wrong', error };
}

function verified({ factors = [] }: User) {
  return factors.filter(({ status }) => status === 'verified');
}
