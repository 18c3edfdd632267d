import { type Env, env } from '@/lib/config/env';

interface SignInWays {
  /** A name of ours with its password. */
  readonly name: boolean;
  /** An address of the directory. */
  readonly email: boolean;
}

/** The forms that can let anybody in here; all where the environment cannot be read, which each says when it is tried. */
export function signInWays(read: () => Env = env): SignInWays {
  try {
    const { SLUICE_REQUIRE_MFA, SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY } = read();
    return { name: !SLUICE_REQUIRE_MFA, email: Boolean(SUPABASE_URL && SUPABASE_PUBLISHABLE_KEY) };
  } catch {
    return { name: true, email: true };
  }
}
