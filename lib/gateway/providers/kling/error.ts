import { type Fault, parseAs, readable, retryAfterMs, statusFault, wordless } from '../outcome';
import { unreadable } from '../unreadable';
import type { Answered } from '../upstream';
import { klingEnvelope } from './answer';
import { withoutTokens } from './authorization';

type Verdict = Pick<Fault, 'errorKind' | 'started'>;

const byCode: ReadonlyMap<number, Verdict> = new Map<number, Verdict>([
  ...[1000, 1001, 1002, 1003, 1004, 1100, 1103, 1304].map((code): [number, Verdict] => [
    code,
    { errorKind: 'auth', started: 'no' },
  ]),
  ...[1101, 1102].map((code): [number, Verdict] => [code, { errorKind: 'balance', started: 'no' }]),
  ...[1200, 1201, 1202, 1203].map((code): [number, Verdict] => [code, { errorKind: 'rejected', started: 'no' }]),
  ...[1300, 1301].map((code): [number, Verdict] => [code, { errorKind: 'content_policy', started: 'no' }]),
  ...[1302, 1303].map((code): [number, Verdict] => [code, { errorKind: 'rate_limited', started: 'no' }]),
  [5000, { errorKind: 'provider_5xx', started: 'yes' }],
  [5001, { errorKind: 'provider_5xx', started: 'no' }],
  [5002, { errorKind: 'gateway_timeout', started: 'unknown' }],
]);

/** The whole account makes as many at once as it may. */
const parallelLimit = 1303;

export const isRefusedText = (text: string): boolean =>
  /risk control|sensitive|content.{0,12}(?:policy|security|violat)|nsfw|moderation/i.test(text);

/** What was said, without our key and without what was signed with it. */
export type Say = (text: string) => string;

export const sayer =
  (key: string): Say =>
  (text) =>
    readable(withoutTokens(text), key);

/** null: it is the agreed answer, and all is well. The code rules, also with HTTP 200; without one the status does. */
export function klingFault(answer: Answered, say: Say): Fault | null {
  const said = parseAs(klingEnvelope, answer.text);
  if (said === null) return answer.status === 200 ? unreadable(answer) : withoutCode(answer, say);
  const { code, message } = said;
  if (code === 0 && answer.status === 200) return null;
  const unknown: Verdict = { errorKind: 'provider_5xx', started: 'unknown' };
  const verdict = byCode.get(code) ?? (answer.status === 200 ? unknown : statusFault(answer.status));
  const why = code === parallelLimit ? '; no further task until one of the account ends' : '';
  return {
    ...verdict,
    httpStatus: answer.status,
    message: say(`HTTP ${answer.status}: ${code}: ${message ?? 'no reason given'}${why}`),
    retryAfterMs: retryAfterMs(answer.headers['retry-after'], Date.now()),
  };
}

/** What stands before the API knows nothing of a task that may run on behind it. */
function withoutCode(answer: Answered, say: Say): Fault {
  const { status, headers } = answer;
  const page = unreadable(answer);
  const isPage = page.errorKind === 'intercepted';
  const isHidden = status >= 500 && status !== 503;
  return {
    ...statusFault(status),
    ...(isHidden ? { started: 'unknown' as const } : {}),
    httpStatus: status,
    message: say(`HTTP ${status}: ${isPage ? 'a web page and no answer of the API' : wordless(status, null)}`),
    retryAfterMs: retryAfterMs(headers['retry-after'], Date.now()),
  };
}

/** It knows no such task; said in its own words, since a 404 alone may be a wrong address. */
export function isUnknownTask(answer: Answered): boolean {
  const said = parseAs(klingEnvelope, answer.text);
  if (said === null) return false;
  return (
    said.code === 1203 || (said.code === 1201 && /not (?:found|exist)|does not exist|no such/i.test(said.message ?? ''))
  );
}
