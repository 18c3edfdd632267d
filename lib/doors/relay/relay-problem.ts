import { callerTooSlow, roomFull } from '@/lib/gateway/providers/relay/relay';
import type { Ending, Generated } from '@/lib/gateway/request/ending';
import { Problem } from '@/lib/http/problem';
import type { Fault } from '@/lib/relay/refusal';
import { keyRefused } from '@/lib/relay/stream-to';

type Headers = Readonly<Record<string, string>>;

/** Why a relay has no answer of the provider's to give: which of them failed, and whether to ask again. */
export function relayProblem({ ending, attempts, weightsVersion, split }: Generated, marks: Headers): Problem {
  const members = { attempts, weights_version: weightsVersion };
  const say = (status: number, code: string, fault: Fault, detail: string, headers: Headers = {}) =>
    new Problem(status, code, detail, { members, headers: { ...marks, ...headers, 'x-sluice-fault': fault } });
  switch (ending.kind) {
    case 'unknown':
      return unknown(ending, say);
    case 'failed':
    case 'refused':
      return failed(ending, say);
    case 'local':
      return local(ending, say);
    case 'unavailable': {
      const seconds = String(Math.ceil(ending.retryAfterMs / 1000));
      const detail = ending.noKeys
        ? `No arm of the split '${split}' can be called; GET /api/health says why of each. Nothing was sent.`
        : `No arm of the split '${split}' can be called now, and nothing was sent; try again in ${seconds} s.`;
      return say(503, 'all-providers-unavailable', 'provider', detail, { 'retry-after': seconds });
    }
    case 'done':
      return say(500, 'internal-error', 'provider', 'The provider answered, and its answer did not get through.');
  }
}

type Say = (status: number, code: string, fault: Fault, detail: string, headers?: Headers) => Problem;

/** Sent again, it may be done twice. */
const once = { 'x-should-retry': 'false' } as const;

function unknown({ provider, message, errorKind }: Extract<Ending, { kind: 'unknown' }>, say: Say): Problem {
  const detail =
    `${provider} was sent the request, and no whole answer came back: ${message}. What it made of it is not known, ` +
    'so it was sent to nobody else and is not sent again.';
  return errorKind === 'timeout'
    ? say(504, 'provider-timeout', 'upstream', detail, once)
    : say(504, 'provider-outcome-unknown', 'upstream', detail, once);
}

function failed(ending: Extract<Ending, { kind: 'failed' | 'refused' }>, say: Say): Problem {
  const { provider, message } = ending;
  const kind = ending.kind === 'failed' ? ending.errorKind : 'content_policy';
  if (kind === 'auth') return say(502, 'provider-auth', 'key', keyRefused(provider, message), once);
  if (kind === 'rejected') return say(413, 'too-large', 'caller', `${provider} was not called: ${message}.`);
  return say(
    502,
    'provider-failed',
    'provider',
    `${provider} was not reached (${kind}): ${message}. Nothing was sent.`,
  );
}

const codes: Readonly<Record<string, string>> = { queue_timeout: 'connections-full', cut: 'shutting-down' };

function local({ provider, message, errorKind }: Extract<Ending, { kind: 'local' }>, say: Say): Problem {
  if (message === callerTooSlow)
    return say(408, 'body-too-slow', 'caller', `Nothing was sent to ${provider}: ${message}.`);
  if (message === roomFull) {
    const detail = `Nothing was sent to ${provider}: ${message}. Try again in 5 s.`;
    return say(503, 'requests-full', 'provider', detail, { 'retry-after': '5' });
  }
  const detail = `Nothing was sent to ${provider}: ${message}. Try again in 2 s.`;
  return say(503, codes[errorKind] ?? 'local-fault', 'provider', detail, { 'retry-after': '2' });
}
