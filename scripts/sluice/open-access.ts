import { type Access, openAccessAt } from '@/lib/process/build-access';
import type { Invocation } from './command';

/** Operators and channels on the database itself; closed when the work is done. */
export async function withAccess<T>(call: Invocation, work: (access: Access) => Promise<T>): Promise<T> {
  const access = openAccessAt(call.database().url, {
    supabaseUrl: null,
    supabaseKey: null,
    publicUrl: process.env.SLUICE_PUBLIC_URL || null,
    allowPrivateWebhooks: isOn('SLUICE_ALLOW_PRIVATE_WEBHOOKS'),
    requireMfa: isOn('SLUICE_REQUIRE_MFA'),
  });
  try {
    return await work(access);
  } finally {
    await access.close();
  }
}

function isOn(variable: string): boolean {
  return /^(?:1|true)$/.test(process.env[variable] ?? '');
}
