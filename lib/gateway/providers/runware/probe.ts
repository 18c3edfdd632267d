import { parseAs } from '@/lib/gateway/providers/outcome';
import { brokenFault, type Fault } from '../outcome';
import type { UpstreamAnswer } from '../upstream';
import { runwareAnswer } from './answer';
import { runwareFault } from './error';

/**
 * `accountManagement` is the one documented task that needs a key and costs nothing. Its answer names the team; only
 * the balance is read.
 */
export function probeTask(taskUUID: string): object {
  return { taskType: 'accountManagement', taskUUID, operation: 'getDetails' };
}

/** Why the probe is not well; null when it is. A 400 proves the key too: it was let in, only the task was refused. */
export function probeFault(answer: UpstreamAnswer, key: string): Fault | null {
  if (answer.kind === 'broken') return brokenFault(answer);
  const body = parseAs(runwareAnswer, answer.text);
  const error = body?.errors?.[0] ?? null;
  if (answer.status !== 200 || error) {
    const fault = runwareFault(answer, error, key);
    return body && fault.errorKind === 'rejected' ? null : fault;
  }
  if (!body) {
    return { errorKind: 'malformed', message: 'HTTP 200 without the agreed JSON', httpStatus: 200, started: 'no' };
  }
  const balance = body.data?.[0]?.balance;
  if (typeof balance !== 'number' || balance > 0) return null;
  return { errorKind: 'balance', message: `the balance is ${balance} USD`, httpStatus: 200, started: 'no' };
}
