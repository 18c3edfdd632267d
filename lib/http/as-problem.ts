import type { BadEnvironment } from '@/lib/config/env';
import { Refusal, type RefusalCode } from '@/lib/kernel/refusal';
import { isStoreAway } from '@/lib/kernel/store-away';
import { type StoreFault, storeFault, storeSentence } from '@/lib/kernel/store-fault';
import { Problem } from './problem';

const statuses: Readonly<Record<RefusalCode, number>> = {
  'stale-version': 412,
  'gate-closed': 409,
  'step-order': 409,
  'rolled-back': 409,
  'not-rolled-back': 409,
  'already-paused': 409,
  'not-paused': 409,
  'weights-invalid': 422,
  'policy-invalid': 422,
  'confirmation-needed': 409,
  'reason-missing': 422,
  'not-allowed': 403,
  'no-such-alert': 404,
  'no-such-entry': 404,
  'no-such-incident': 404,
  'no-such-split': 503,
  'unknown-split': 404,
  'split-exists': 409,
  'split-archived': 409,
  'no-such-arm': 404,
  'no-such-dialect': 404,
  'no-such-model': 404,
  'registry-invalid': 422,
  'still-needed': 409,
  'span-too-large': 422,
  'split-contended': 503,
  'channel-invalid': 422,
  'no-such-channel': 404,
  'operator-invalid': 422,
  'operator-exists': 409,
  'no-such-operator': 404,
  'key-invalid': 422,
  'secret-key-missing': 409,
  'no-such-provider': 404,
  'no-such-key': 404,
  'caller-invalid': 422,
  'caller-exists': 409,
  'no-such-caller': 404,
  'no-such-session': 404,
  'no-such-invite': 404,
  'password-invalid': 422,
  'password-wrong': 422,
  'passwords-busy': 429,
  'sign-in-refused': 401,
  'mfa-needed': 401,
  'no-directory': 404,
  'directory-away': 503,
};

const retrySoon = { 'retry-after': '2' } as const;

/** What a caller is told of anything thrown below a handler; null when it is a fault of ours, which answers 500. */
export function asProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  // By name too: the front and Next hold separate copies of each module.
  if (error instanceof Refusal || (error instanceof Error && error.name === 'Refusal'))
    return ofRefusal(error as Refusal);
  if (error instanceof Error && error.name === 'BadEnvironment') return notConfigured(error as BadEnvironment);
  if (isStoreAway(error)) return storeUnavailable(error);
  const fault = storeFault(error);
  return fault === null || fault.kind === 'away' ? null : ofStore(fault, error);
}

/** What is wrong, without what it was set to, which is no business of a caller. */
function notConfigured(error: BadEnvironment): Problem {
  const said = error.faults.map(({ key, sentence }) => `${key} ${sentence.includes('"') ? 'is not valid' : sentence}`);
  const detail = `Nothing was done: this deployment is not configured. ${said.join('. ')}. Set that, and deploy again.`;
  return new Problem(503, 'not-configured', detail, { headers: { 'retry-after': '60' }, cause: error });
}

function ofRefusal(refusal: Refusal): Problem {
  const status = statuses[refusal.code];
  const headers = status === 503 || status === 429 ? retrySoon : undefined;
  return new Problem(status, refusal.code, refusal.message, { members: refusal.members, headers, cause: refusal });
}

function storeUnavailable(cause: unknown): Problem {
  const detail = 'The database does not answer; routing goes on with the last weights.';
  return new Problem(503, 'store-unavailable', detail, { headers: retrySoon, cause });
}

/** What a person must mend first is no reason to try again in two seconds. */
function ofStore(fault: StoreFault, cause: unknown): Problem {
  const detail = `${storeSentence(fault, { subject: 'the database' })} Nothing was changed.`;
  if (fault.kind === 'busy') return new Problem(503, 'store-busy', detail, { headers: retrySoon, cause });
  return new Problem(503, 'store-refused', detail, { cause });
}
