import type { Actor } from '@/lib/operations/ports';
import type { Role } from '@/lib/rollout/snapshot';
import type { Incoming } from './message';
import { Problem } from './problem';
import { requireSameOrigin } from './same-origin';

/** One way to know who is calling; null when this request does not use it. Throws when it does, wrongly. */
export type Authenticator = (incoming: Incoming) => Promise<Actor | null>;

const rank: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

export const mayAct = (actor: Actor, role: Role): boolean => rank[actor.role] >= rank[role];

/** The first line of each handler: who calls, may they, and did they mean to. */
export async function guard(incoming: Incoming, role: Role, authenticators: readonly Authenticator[]): Promise<Actor> {
  if (incoming.method !== 'GET' && incoming.method !== 'HEAD') requireSameOrigin(incoming);
  const actor = await whoCalls(incoming, authenticators);
  if (actor === null) {
    throw new Problem(401, 'not-signed-in', 'Sign in, or send Authorization: Bearer <token>.', {
      headers: { 'www-authenticate': 'Bearer realm="sluice"' },
    });
  }
  if (!mayAct(actor, role)) {
    throw new Problem(403, 'role', `${actor.name} is ${actor.role}; this needs ${role}.`, { members: { needs: role } });
  }
  return actor;
}

async function whoCalls(incoming: Incoming, authenticators: readonly Authenticator[]): Promise<Actor | null> {
  for (const authenticate of authenticators) {
    const actor = await authenticate(incoming);
    if (actor !== null) return actor;
  }
  return null;
}
