import { expect, it } from 'vitest';
import { parseEnv } from '@/lib/config/env';
import { signInWays } from '@/lib/process/sign-in-ways';

it('shows no form that can let nobody in', () => {
  const here = (set: Record<string, string>) => signInWays(() => parseEnv(set));
  const supabase = { SUPABASE_URL: 'https://x.supabase.co', SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_x' };
  expect(here({})).toEqual({ name: true, email: false });
  expect(here({ SLUICE_REQUIRE_MFA: '1', ...supabase })).toEqual({ name: false, email: true });
  expect(here({ PORT: 'no' })).toEqual({ name: true, email: true });
});
