import { asProblem } from './as-problem';
import { addressGroup } from './caller-address';
import type { Fields } from './control-body';
import type { Incoming, Outgoing } from './message';
import type { Throttle } from './throttle';
import type { WrongCredentials } from './wrong-credentials';

interface Watch {
  readonly wrong: WrongCredentials;
  readonly throttles: { readonly mail: Throttle };
}

/**
 * An attempt to sign in: tried first, and counted when it was wrong. Only what can be guessed is counted before it is
 * tried, for each account and address together, so that a stranger locks nobody else out.
 */
export async function signInWatched(
  { wrong, throttles }: Watch,
  incoming: Incoming,
  fields: Fields,
  attempt: () => Promise<Outgoing>,
): Promise<Outgoing> {
  const account = typeof fields.email === 'string' ? fields.email.trim().toLowerCase() : null;
  if (fields.send_code === true) {
    for (const key of [`from ${addressGroup(incoming.remote)}`, `to ${account}`]) throttles.mail.take(key);
  } else if (account !== null) wrong.mayTry(incoming, account);
  try {
    return await attempt();
  } catch (error) {
    const problem = asProblem(error);
    if (problem?.code !== 'sign-in-refused') throw error;
    const credential = account ?? String(fields.token ?? fields.link ?? fields.token_hash);
    throw wrong.refused(incoming, { door: 'sign-in', credential }, problem);
  }
}
