import type { Env } from '@/lib/config/env';
import type { Caller } from '@/lib/gateway/request/caller';
import type { WrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { callersOf } from './callers';

/** Who calls, and where a key was sent that nobody has, a line and a count for whoever sent it. */
export function watchedCallers(env: Env, wrong: WrongCredentials): (head: Head) => Caller {
  const whoCalls = callersOf(env);
  return (head) => {
    try {
      return whoCalls(head);
    } catch (error) {
      const credential = head.header('authorization') ?? head.header('x-api-key');
      if (!(error instanceof Problem) || credential === null) throw error;
      throw wrong.refused(head, { door: 'api-key', credential }, error);
    }
  };
}
