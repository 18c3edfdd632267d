import type { Role } from '@/lib/api/roles';
import { asProblem } from '@/lib/http/as-problem';
import { requireSameOrigin } from '@/lib/http/defence/same-origin';
import type { WrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { says } from '@/lib/kernel/refusal';
import type { Actor } from './identity';
import { sessionCookie } from './session-cookie';

/** One way to know who is calling; null when this request does not use it. Throws when it does, wrongly. */
export type Authenticator = (head: Head) => Promise<Actor | null>;

const rank: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

const mayAct = (actor: Actor, role: Role): boolean => rank[actor.role] >= rank[role];

/** The first line of each handler: who calls, may they, and did they mean to. */
export async function guard(
  head: Head,
  role: Role,
  authenticators: readonly Authenticator[],
  wrong: WrongCredentials,
): Promise<Actor> {
  if (head.method !== 'GET' && head.method !== 'HEAD') requireSameOrigin(head);
  const actor = await whoCalls(head, authenticators).catch((error: unknown) => {
    const problem = asProblem(error);
    throw problem?.code === 'sign-in-refused' ? refusedBearer(head, wrong, problem) : error;
  });
  if (actor === null) throw refusedBearer(head, wrong, notSignedIn());
  if (!mayAct(actor, role)) {
    throw new Problem(403, 'role', `${actor.name} is ${actor.role}; this needs ${role}.`, {
      members: { needs: role, ...says('role', { name: actor.name, role: actor.role, needs: role }) },
    });
  }
  return actor;
}

function notSignedIn(): Problem {
  return new Problem(401, 'not-signed-in', 'Sign in, or send Authorization: Bearer <token>.', {
    headers: { 'www-authenticate': 'Bearer realm="sluice"' },
    members: says('not-signed-in'),
  });
}

/** Sending nothing is no attempt; a cookie may be of a session that has ended, and its page must learn to sign in. */
function refusedBearer(head: Head, wrong: WrongCredentials, refusal: Problem): Problem {
  const authorization = head.header('authorization');
  if (authorization) return wrong.refused(head, { door: 'bearer', credential: authorization }, refusal);
  const cookie = sessionCookie(head);
  if (cookie !== null) wrong.noted(head, { door: 'cookie', credential: cookie });
  return refusal;
}

/** null: the credentials belong to no operator. */
export async function whoCalls(head: Head, authenticators: readonly Authenticator[]): Promise<Actor | null> {
  for (const authenticate of authenticators) {
    const actor = await authenticate(head);
    if (actor !== null) return actor;
  }
  return null;
}
