import type { Ending, Generated } from '@/lib/gateway/request/ending';
import { Problem } from '@/lib/http/problem';

type NotAnswered = 'mismatch' | 'running' | 'unknown' | 'forgotten' | 'given';

/** Why a request with a key that was used before is not answered by making anything. */
export function refusalOf(
  kind: NotAnswered,
  headers: Record<string, string>,
  cause?: unknown,
  thing = 'image',
): Problem {
  if (kind === 'mismatch') {
    const detail = 'This Idempotency-Key was used with another body; use a new key for a new request.';
    return new Problem(422, 'idempotency-mismatch', detail, { headers });
  }
  if (kind === 'running') {
    const detail = 'The first request with this Idempotency-Key is still running; ask again in a moment.';
    return new Problem(409, 'still-running', detail, { headers: { ...headers, 'retry-after': '1' } });
  }
  if (kind === 'given') {
    const detail =
      'The image of this Idempotency-Key was made and its bytes were sent in the first answer, which no replay keeps. ' +
      'It is not made again: use a new key to do so.';
    return new Problem(409, 'replay-unavailable', detail, { headers });
  }
  if (kind === 'forgotten') {
    const detail =
      'The image of this Idempotency-Key was made, and its answer cannot be given again: its bytes are not kept, and ' +
      'they could not be read from its address. It is not made again: use a new key to do so.';
    return new Problem(409, 'replay-unavailable', detail, { headers, cause });
  }
  const detail =
    'The first request with this Idempotency-Key ended without a known outcome; the provider may have made the ' +
    `${thing}. It is not submitted again: use a new key to do so.`;
  return new Problem(409, 'outcome-unknown', detail, { headers, members: { outcome: 'unknown' } });
}

type Headers = Readonly<Record<string, string>>;

/** Why a request got no image, or no job, for its caller: who did not do what, and whether to ask again. */
export function problemOf(generated: Generated, told: Headers, thing = 'an image'): Problem {
  const { ending, attempts, weightsVersion, split } = generated;
  const headers = generated.mayBePaid ? { ...told, 'x-should-retry': 'false' } : told;
  const members = { attempts, weights_version: weightsVersion };
  switch (ending.kind) {
    case 'refused': {
      const detail = `${ending.provider} refused the prompt by its content policy: ${ending.message}`;
      return new Problem(422, 'content-policy', detail, { members, headers });
    }
    case 'unknown':
      return unknownOutcome(ending, { members: { ...members, outcome: 'unknown' }, headers });
    case 'failed': {
      const detail = `${ending.provider} failed (${ending.errorKind}): ${ending.message}`;
      return new Problem(502, 'provider-failed', detail, { members, headers });
    }
    case 'local':
      return ownFault(ending, members, headers);
    default: {
      const seconds = 'retryAfterMs' in ending ? Math.ceil(ending.retryAfterMs / 1000) : 1;
      const detail =
        'noKeys' in ending ? noKeys(split) : `No provider can make ${thing} now; try again in ${seconds} s.`;
      const retry = { ...headers, 'retry-after': String(seconds) };
      return new Problem(503, 'all-providers-unavailable', detail, { members, headers: retry });
    }
  }
}

function noKeys(split: string): string {
  if (split === 'gen') return 'No provider key is set (FAL_KEY, RUNWARE_API_KEY).';
  return `No arm of the split '${split}' can be called; GET /api/health says why of each.`;
}

/** A timeout is only what our own deadline ended; everything else says what came instead, and is no 504. */
function unknownOutcome(ending: Extract<Ending, { kind: 'unknown' }>, extra: Problem['extra']): Problem {
  const { provider, message } = ending;
  if (ending.errorKind === 'timeout') {
    const detail = `${provider} was called and did not answer whole: ${message}. The outcome is unknown; it is not submitted again.`;
    return new Problem(504, 'provider-timeout', detail, extra);
  }
  const detail =
    `${provider} was called, and no usable answer came back: ${message}. It may have made, and billed, the image, so ` +
    'nobody else was asked and it is not submitted again.';
  return new Problem(502, 'provider-outcome-unknown', detail, extra);
}

const ownFaults: Readonly<Record<string, { readonly code: string; readonly retryAfter: number }>> = {
  queue_timeout: { code: 'connections-full', retryAfter: 5 },
  cut: { code: 'shutting-down', retryAfter: 1 },
  local: { code: 'local-fault', retryAfter: 2 },
};

/** No provider is to blame, and nothing was sent: asking again is safe. */
function ownFault(ending: Extract<Ending, { kind: 'local' }>, members: object, headers: Headers): Problem {
  const { code, retryAfter } = ownFaults[ending.errorKind] ?? { code: 'local-fault', retryAfter: 2 };
  const detail = `Nothing was sent to ${ending.provider}: ${ending.message}. Try again in ${retryAfter} s.`;
  const retry = { ...headers, 'retry-after': String(retryAfter) };
  return new Problem(503, code, detail, { members: { ...members }, headers: retry });
}
