import type { Role } from '@/lib/api/roles';
import { Refusal, says } from '@/lib/kernel/refusal';
import type { Invite } from './invite-store';
import { refuseName, roleOf } from './operators';
import { hashPassword, passwordFault } from './passwords';
import { type Identities, type OpenSession, openSession, refused, refusePasswords } from './sign-in';
import { tokens } from './tokens';

const mostHours = 24 * 7;
const usualHours = 48;
const keyShape = /^sli_[\w-]{43}$/;

interface NewInvite {
  readonly name: string;
  readonly role: string;
  /** null: two days. */
  readonly hours: number | null;
}

/** The link is told this once. Its key stands behind the #, which no browser sends and no log keeps. */
export async function inviteOperator(
  { operators, invites, requireMfa }: Pick<Identities, 'operators' | 'invites' | 'requireMfa'>,
  { name, role: wanted, hours }: NewInvite,
  by: string,
): Promise<{ readonly invite: Invite; readonly path: string }> {
  refusePasswords(requireMfa);
  const role: Role = roleOf(wanted);
  refuseName(name);
  const valid = hours ?? usualHours;
  if (!(Number.isInteger(valid) && valid >= 1 && valid <= mostHours)) {
    throw new Refusal(
      'operator-invalid',
      `${valid} hours is not a validity; it must be 1 to ${mostHours} whole hours.`,
      says('hours', { hours: valid, most: mostHours }),
    );
  }
  const known = (await operators.list()).find((each) => each.name.toLowerCase() === name && each.revokedAtMs === null);
  if (known)
    throw new Refusal(
      'operator-exists',
      `There is an operator ${known.name} already; revoke it first.`,
      says('operator-exists', { name: known.name }),
    );
  const key = tokens.issue('sli');
  const invite = await invites.add({ hash: tokens.digest(key), name, role, validSeconds: valid * 3600, by });
  return { invite, path: `/sign-in#invite=${key}` };
}

export async function revokeInvite({ invites }: Pick<Identities, 'invites'>, id: number, by: string): Promise<void> {
  if (!(await invites.revoke(id, by)))
    throw new Refusal('no-such-invite', `There is no open invite ${id}.`, says('no-such-invite', { id }));
}

/** Whom a link is for; asking does not use it up. */
export async function readInvite(
  { invites, requireMfa }: Pick<Identities, 'invites' | 'requireMfa'>,
  key: string,
): Promise<Invite> {
  refusePasswords(requireMfa);
  if (!keyShape.test(key)) return gone();
  return (await invites.find(tokens.digest(key))) ?? gone();
}

/** Makes the operator that the admin named, by the password that this person chose, and signs them in. */
export async function acceptInvite(identities: Identities, key: string, password: string): Promise<OpenSession> {
  const fault = passwordFault(password);
  if (fault !== null) throw new Refusal('password-invalid', `Nothing was changed: ${fault.sentence}.`, fault.members);
  // Before the costly part: a stranger without a link makes us do nothing.
  await readInvite(identities, key);
  const tokenHash = tokens.digest(tokens.issue('slo'));
  const passwordHash = await hashPassword(password);
  const made = await identities.invites.accept({ hash: tokens.digest(key), passwordHash, tokenHash });
  if (made === 'gone') return gone();
  if (made === 'taken') {
    throw new Refusal(
      'operator-exists',
      'Somebody of that name signs in already; ask the admin for another invite.',
      says('name-taken'),
    );
  }
  return openSession(identities, made, { way: 'password', credential: tokenHash, passwordHash });
}

export function shownInvite({ id, name, role, createdAtMs, createdBy, expiresAtMs }: Invite) {
  const iso = (ms: number) => new Date(ms).toISOString();
  return { id, name, role, created_at: iso(createdAtMs), created_by: createdBy, expires_at: iso(expiresAtMs) };
}

function gone(): never {
  throw refused(
    'The invite is unknown, expired, revoked or used; each works once. Ask an admin for another.',
    'invite-refused',
  );
}
