import { asProblem } from '@/lib/http/as-problem';
import { addressGroup } from '@/lib/http/defence/addresses';
import type { Throttle } from '@/lib/http/defence/throttle';
import type { WrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { isStoreAway } from '@/lib/kernel/store-away';
import type { SignInFields } from './sign-in-body';

interface Watch {
  readonly wrong: WrongCredentials;
  readonly throttles: { readonly mail: Throttle };
}

/**
 * An attempt to sign in: tried first, and counted when it was wrong. Only what can be guessed is counted before it is
 * tried, and no longer when it was not wrong; for each account and address together, so that a stranger cannot
 * lock an operator out.
 */
export async function signInWatched<T>(
  { wrong, throttles }: Watch,
  head: Head,
  fields: Partial<SignInFields>,
  attempt: () => Promise<T>,
): Promise<T> {
  const account = (fields.name ?? fields.email)?.trim().toLowerCase() ?? null;
  let over = () => {};
  if (fields.send_code) {
    for (const key of [`from ${addressGroup(head.remote)}`, `to ${account}`]) throttles.mail.take(key);
  } else if (account !== null) over = wrong.mayTry(head, account);
  try {
    return await attempt();
  } catch (error) {
    if (isStoreAway(error)) throw away(error);
    const problem = asProblem(error);
    if (problem?.code !== 'sign-in-refused') throw error;
    const credential = account ?? String(fields.token ?? fields.link ?? fields.token_hash);
    throw wrong.refused(head, { door: 'sign-in', credential }, problem);
  } finally {
    over();
  }
}

function away(cause: Error): Problem {
  const detail =
    'You were not signed in: sessions live in the database, and it does not answer. Routing goes on with the last weights. ' +
    'Try again when it is back; until then only SLUICE_ADMIN_TOKEN as a bearer token is known here.';
  return new Problem(503, 'sign-in-unavailable', detail, { headers: { 'retry-after': '2' }, cause });
}
