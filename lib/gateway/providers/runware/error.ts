import { type Fault, readable, retryAfterMs, statusFault, wordless } from '../outcome';
import type { Answered } from '../upstream';
import type { RunwareError } from './answer';

/** The code says more than the status: errors also come with HTTP 200. First match wins. */
const byCode: readonly (readonly [RegExp, Pick<Fault, 'errorKind' | 'started'>])[] = [
  [/apikey|unauthori[sz]ed|forbidden|authentication/i, { errorKind: 'auth', started: 'no' }],
  [/balance|credit|payment/i, { errorKind: 'balance', started: 'no' }],
  [/ratelimit|toomany|concurren/i, { errorKind: 'rate_limited', started: 'no' }],
  [/nsfw|content|moderation|policy|safety/i, { errorKind: 'content_policy', started: 'no' }],
  [/timeout|timedout/i, { errorKind: 'gateway_timeout', started: 'unknown' }],
  [/unavailable|overload|capacity/i, { errorKind: 'provider_5xx', started: 'no' }],
  [/provider|internal|server|inference|failed/i, { errorKind: 'provider_5xx', started: 'yes' }],
];

export function runwareFault(answer: Answered, error: RunwareError | null, key: string): Fault {
  const { status } = answer;
  const known = byCode.find(([code]) => error?.code && code.test(error.code))?.[1];
  // With a 200 only the code can tell; else the status does, but for a refused prompt, which is a 400 like others.
  const isCodeFirst = status === 200 || (known?.errorKind === 'content_policy' && status < 500);
  const fallback = status === 200 ? ({ errorKind: 'rejected', started: 'no' } as const) : statusFault(status);
  const said = Array.isArray(error?.message) ? error.message.join('; ') : error?.message;
  return {
    ...fallback,
    ...(known && isCodeFirst ? known : {}),
    httpStatus: status,
    message: readable(
      `HTTP ${status}: ${error?.code ? `${error.code}: ` : ''}${said ?? wordless(status, error?.code)}`,
      key,
    ),
    retryAfterMs: retryAfterMs(answer.headers['retry-after'], Date.now()),
  };
}
