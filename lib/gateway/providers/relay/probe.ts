import type { Deadline } from '@/lib/kernel/deadline';
import { header } from '../outcome';
import type { KeySeen, ProbeResult } from '../provider';
import type { Upstream, UpstreamAnswer } from '../upstream';
import type { RelayAuthorization } from './authorization/credentials';
import type { KeyQuestion } from './key-questions';
import type { RelayOptions } from './options';

interface Probed {
  readonly upstream: Upstream;
  readonly pathPrefix: string;
  readonly host: string;
  readonly options: RelayOptions;
  /** null: there is none that costs nothing. */
  readonly question: KeyQuestion | null;
  readonly authorization: RelayAuthorization;
}

/**
 * With our key where the dialect has a question that costs nothing. Where it has none, only that the host answers is
 * known without real traffic: whether our key is good, the next request tells.
 */
export async function probeRelay(probed: Probed, deadline: Deadline): Promise<ProbeResult> {
  const { upstream, pathPrefix, options } = probed;
  const question = options.auth.scheme === 'none' ? null : probed.question;
  const plain = { 'user-agent': 'sluice', 'accept-encoding': 'identity' };
  const call =
    question === null
      ? ({ method: 'GET', path: `${pathPrefix}/`, headers: plain, body: null } as const)
      : asked(question, plain, probed);
  const answer = await upstream.call({ ...call, longestAnswer: 64 * 1024 }, deadline);
  const { latencyMs } = answer;
  const status = answer.status;
  if (status === null) {
    const broken = answer as Extract<UpstreamAnswer, { kind: 'broken' }>;
    return { ok: false, latencyMs, error: broken.message, errorKind: broken.errorKind };
  }
  const key = question === null ? 'unasked' : keyBy(question, answer);
  const headers = answer.kind === 'answer' ? answer.headers : {};
  const dateMs = Date.parse(header(headers.date) ?? '');
  const seen = {
    ...{ key, status, dateMs: Number.isNaN(dateMs) ? null : dateMs },
    location: unkeyed(header(headers.location), probed),
    asked: `${call.method} ${pathPrefix}${question?.path ?? '/'}`,
  };
  if (key !== 'refused') return { ok: true, latencyMs, error: null, seen };
  probed.authorization.forget();
  return { ok: false, latencyMs, error: `HTTP ${status}`, errorKind: 'auth', seen };
}

/** A provider may say back the address that it was asked at, with our key in it. */
function unkeyed(said: string | null, { authorization }: Probed): string | null {
  return said === null || authorization.unkeyed === undefined ? said : authorization.unkeyed(said);
}

function asked(question: KeyQuestion, plain: Readonly<Record<string, string>>, probed: Probed) {
  const { options, authorization, pathPrefix, host } = probed;
  const { method, body = null } = question;
  const headers: Record<string, string> = { ...plain, ...options.usual, ...question.headers, ...options.headers };
  const bytes = body === null ? null : new TextEncoder().encode(body);
  const path = pathPrefix + question.path;
  const contentType = headers['content-type'] ?? null;
  const credentials = authorization.credentials({
    ...{ method, host, path, search: question.search, contentType, body: bytes },
  });
  for (let at = 0; at < credentials.headers.length; at += 2)
    headers[credentials.headers[at] as string] = credentials.headers[at + 1] as string;
  return { method, path: path + credentials.search, headers, body: bytes };
}

/** A 403 may be about the question alone, and a 404 about the path: neither says that the key is dead. */
function keyBy({ letIn }: KeyQuestion, answer: UpstreamAnswer): KeySeen {
  const status = answer.status ?? 0;
  if (status === 401) return 'refused';
  // Whatever an aggregator's website does not know it answers with itself.
  if (status < 300 && answer.kind === 'answer' && /^text\/html\b/i.test(header(answer.headers['content-type']) ?? ''))
    return 'page';
  // Told to wait, or to pay: the key was known.
  if ((status >= 200 && status < 300) || status === 429 || status === 402) return 'taken';
  if (letIn.statuses?.includes(status)) return 'taken';
  const { word } = letIn;
  return word !== undefined && answer.kind === 'answer' && answer.text.includes(word) ? 'taken' : 'unknown';
}
