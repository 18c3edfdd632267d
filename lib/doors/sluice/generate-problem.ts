import type { Ending, Generated } from '@/lib/gateway/request/ending';
import { Problem } from '@/lib/http/problem';

type Headers = Readonly<Record<string, string>>;

/** Why a request got no image, for its caller: who did not do what, and whether to ask again. */
export function problemOf({ ending, attempts, weightsVersion }: Generated, headers: Headers): Problem {
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
        'noKeys' in ending
          ? 'No provider key is set (FAL_KEY, RUNWARE_API_KEY).'
          : `No provider can make an image now; try again in ${seconds} s.`;
      const retry = { ...headers, 'retry-after': String(seconds) };
      return new Problem(503, 'all-providers-unavailable', detail, { members, headers: retry });
    }
  }
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

export function serverTiming({ attempts, latencyMs }: Generated): string {
  let provider = 0;
  let queue = 0;
  for (const { latency_ms, queued_ms } of attempts) {
    provider += latency_ms ?? 0;
    queue += queued_ms ?? 0;
  }
  const own = Math.max(0, latencyMs - provider - queue).toFixed(2);
  const waited = queue > 0 ? `queue;dur=${queue.toFixed(1)}, ` : '';
  return `provider;dur=${provider.toFixed(1)}, ${waited}sluice;dur=${own}`;
}
