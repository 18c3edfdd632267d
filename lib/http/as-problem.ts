import { Refusal, type RefusalCode } from '@/lib/operations/refusal';
import { Problem } from './problem';

const statuses: Readonly<Record<RefusalCode, number>> = {
  'stale-version': 412,
  'gate-closed': 409,
  'step-order': 409,
  'rolled-back': 409,
  'not-rolled-back': 409,
  'already-paused': 409,
  'not-paused': 409,
  'no-rollout': 409,
  'weights-invalid': 422,
  'policy-invalid': 422,
  'confirmation-needed': 409,
  'reason-missing': 422,
  'not-allowed': 403,
  'no-such-alert': 404,
  'no-such-entry': 404,
  'no-such-split': 503,
  'span-too-large': 422,
  'split-contended': 503,
  'channel-invalid': 422,
  'no-such-channel': 404,
  'operator-invalid': 422,
  'operator-exists': 409,
  'no-such-operator': 404,
  'sign-in-refused': 401,
  'no-directory': 404,
  'directory-away': 503,
};

/** What a caller is told of anything thrown below a handler; null when it is nobody's expected outcome. */
export function asProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  // By name too: the front and Next hold separate copies of each module.
  if (error instanceof Refusal || (error instanceof Error && error.name === 'Refusal'))
    return ofRefusal(error as Refusal);
  return isStoreAway(error) ? storeUnavailable(error) : null;
}

function ofRefusal(refusal: Refusal): Problem {
  const status = statuses[refusal.code];
  const headers = status === 503 ? { 'retry-after': '2' } : undefined;
  return new Problem(status, refusal.code, refusal.message, { members: refusal.members, headers, cause: refusal });
}

export function storeUnavailable(cause: unknown): Problem {
  return new Problem(503, 'store-unavailable', 'The database does not answer; routing goes on with the last weights.', {
    headers: { 'retry-after': '2' },
    cause,
  });
}

// Connection failures of the driver and the socket, and Postgres' own "cannot now" classes.
const awayCodes =
  /^(CONNECTION_|CONNECT_|ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|57P0|53|08|25006|57014|55P03|25P03)/;

function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'StoreTimeout') return true;
  const code = 'code' in error ? String(error.code) : '';
  return awayCodes.test(code) || isStoreAway(error.cause);
}
