import { roles } from '@/lib/api/roles';
import type { DirectoryOutcome } from '../identity';

/** A person's role comes from `app_metadata` only: `user_metadata` is theirs to write. */
export function outcomeOf(email: string | undefined, appMetadata: unknown): DirectoryOutcome {
  const shown = email ?? 'this account';
  const role = roles.find((one) => one === (appMetadata as { sluice_role?: unknown } | undefined)?.sluice_role);
  return role ? { kind: 'known', who: { name: `operator:${shown}`, role } } : { kind: 'no_role', email: shown };
}
