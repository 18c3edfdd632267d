import { type Fault, parseAs, readable, retryAfterMs, statusFault, wordless } from '../outcome';
import type { Answered } from '../upstream';
import { openaiError } from './answer';

/** The code says more than the status: an empty purse comes as 429, and some servers send errors with 200. First match wins. */
const byCode: readonly (readonly [RegExp, Pick<Fault, 'errorKind' | 'started'>])[] = [
  [/content_policy|moderation|content_filter|safety/i, { errorKind: 'content_policy', started: 'no' }],
  [/insufficient_(?:quota|balance|credits?|funds)|billing/i, { errorKind: 'balance', started: 'no' }],
  [/rate_limit|too_many_requests/i, { errorKind: 'rate_limited', started: 'no' }],
  [/api_key|authentication|permission/i, { errorKind: 'auth', started: 'no' }],
  [/overloaded|unavailable/i, { errorKind: 'provider_5xx', started: 'no' }],
  [/server_error|internal/i, { errorKind: 'provider_5xx', started: 'yes' }],
  [/invalid_request|not_found/i, { errorKind: 'rejected', started: 'no' }],
];

/** These rule whatever the status is, short of a server's own failure. */
const sure: ReadonlySet<string> = new Set(['content_policy', 'balance']);

/** An answer with an error in it, or of another status than 200 → why it failed and whether the work had begun. */
export function openaiFault(answer: Answered, key: string): Fault {
  const { status } = answer;
  const said = parseAs(openaiError, answer.text)?.error;
  const words = [said?.code, said?.type].filter((word) => word !== null && word !== undefined).map(String);
  const known = byCode.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1];
  const isCodeFirst = known && (status === 200 || (sure.has(known.errorKind) && status < 500));
  const byStatus = status === 200 ? ({ errorKind: 'malformed', started: 'unknown' } as const) : statusFault(status);
  const [word] = words;
  return {
    ...byStatus,
    ...(isCodeFirst ? known : {}),
    httpStatus: status,
    message: readable(`HTTP ${status}: ${word ? `${word}: ` : ''}${said?.message ?? wordless(status, word)}`, key),
    retryAfterMs: retryAfterMs(answer.headers['retry-after'], Date.now()),
  };
}
