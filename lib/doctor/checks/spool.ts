import type { RolloutFacts } from '../diagnosis';
import { type Finding, ok, problem } from './finding';

const lateSeconds = 30;

/** Events that wait are evidence the watchdog does not have. */
export function checkSpools({ instances }: RolloutFacts): Finding {
  const how = 'read the heartbeats';
  const late = instances.filter(({ oldestUnsentSeconds }) => (oldestUnsentSeconds ?? 0) > lateSeconds);
  if (late.length === 0) return ok('spool', 'no event waits longer than 30 s', how);
  const depth = late.reduce((sum, { spoolDepth }) => sum + spoolDepth, 0);
  const what = `${depth} events wait in ${late.map(({ id, host }) => `${id} on ${host}`).join(', ')}`;
  return problem('spool', what, how, "see that process's log for why the store refuses; nothing is lost meanwhile");
}
