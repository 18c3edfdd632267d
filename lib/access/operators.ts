import { type Role, roles } from '@/lib/api/roles';
import { excerpt } from '@/lib/kernel/excerpt';
import { isoOrNull } from '@/lib/kernel/instant';
import { Refusal, says } from '@/lib/kernel/refusal';
import type { Operator } from './identity';
import type { OperatorStore } from './operator-store';
import { tokens } from './tokens';

interface NewOperator {
  readonly name: string;
  readonly role: string;
  /** null: the token does not expire. */
  readonly validDays: number | null;
}

/** Adds an operator; the token is returned this once and never stored. */
export async function addOperator(
  { operators }: { readonly operators: OperatorStore },
  wanted: NewOperator,
  by: string,
): Promise<{ readonly token: string; readonly role: Role }> {
  const role = roleOf(wanted.role);
  refuseName(wanted.name);
  const token = tokens.issue('slo');
  const added = await operators.add({
    name: wanted.name,
    role,
    tokenHash: tokens.digest(token),
    validSeconds: secondsOf(wanted.validDays),
    createdBy: by,
  });
  if (!added)
    throw new Refusal(
      'operator-exists',
      `There is an operator ${wanted.name} already; revoke it first.`,
      says('operator-exists', { name: wanted.name }),
    );
  return { token, role };
}

/** Names that the journal gives to programs: no operator may be called so. */
const taken: ReadonlySet<string> = new Set(['admin', 'first-start', 'root', 'system', 'sluice', 'watchdog', 'cron']);

/** In small letters only: `Bob` beside `bob` would be two operators that readers take for one. */
export function refuseName(name: string): void {
  if (taken.has(name.toLowerCase())) {
    throw new Refusal(
      'operator-invalid',
      `"${name}" cannot be a name: the journal calls something else so.`,
      says('name-reserved', { name }),
    );
  }
  if (/^[a-z0-9][a-z0-9._@-]{0,63}$/.test(name)) return;
  throw new Refusal(
    'operator-invalid',
    `"${excerpt(name)}" cannot be a name: small letters, digits and . _ @ - only, at most 64, the first a letter or digit.`,
    says('name-shape', { name: excerpt(name) }),
  );
}

export async function revokeOperator(operators: OperatorStore, name: string, by: string): Promise<void> {
  if (await operators.revoke(name, by)) return;
  throw new Refusal(
    'no-such-operator',
    `There is no operator ${excerpt(name)} whose token still works.`,
    says('no-such-operator', { name: excerpt(name) }),
  );
}

export function roleOf(text: string): Role {
  const role = roles.find((one) => one === text);
  if (role) return role;
  throw new Refusal(
    'operator-invalid',
    `"${excerpt(text)}" is not a role: ${roles.join(', ')}.`,
    says('role-unknown', { role: excerpt(text), roles: roles.join(', ') }),
  );
}

/** The wire form, without anything that could be used to sign in. */
export function shownOperator(operator: Operator) {
  return {
    name: operator.name,
    role: operator.role,
    created_at: isoOrNull(operator.createdAtMs),
    created_by: operator.createdBy,
    expires_at: isoOrNull(operator.expiresAtMs),
    last_used_at: isoOrNull(operator.lastUsedAtMs),
    revoked_at: isoOrNull(operator.revokedAtMs),
  };
}

function secondsOf(days: number | null): number | null {
  if (days === null) return null;
  if (Number.isInteger(days) && days >= 1 && days <= 3650) return days * 86_400;
  throw new Refusal(
    'operator-invalid',
    `${days} days is not a validity; it must be 1 to 3650 whole days.`,
    says('days', { days }),
  );
}
