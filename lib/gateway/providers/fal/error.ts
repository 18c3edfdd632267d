import { z } from 'zod';
import { parseAs } from '@/lib/gateway/providers/outcome';
import { type Fault, header, readable, retryAfterMs, statusFault, wordless } from '../outcome';
import type { Answered } from '../upstream';

/** The two shapes of errors: a model's list, a platform's sentence. */
export const falError = z.object({
  detail: z.union([
    z.string(),
    z.array(z.object({ type: z.string().nullish(), msg: z.string().nullish(), loc: z.array(z.unknown()).nullish() })),
  ]),
  error_type: z.string().nullish(),
});

const notStarted = /^(?:request_timeout|startup_timeout|runner_scheduling_failure|runner_connection_\w+|bad_request)$/;
const crashed = /^(?:runner_disconnected|runner_incomplete_response|runner_server_error|internal_error)$/;

/** An answer that is not 200 → why it failed and whether the work had begun. */
export function falFault(answer: Answered, key: string): Fault {
  const body = parseAs(falError, answer.text);
  const detail = body?.detail;
  const errorType = body?.error_type ?? header(answer.headers['x-fal-error-type']) ?? '';
  const items = Array.isArray(detail) ? detail : [];
  const sentence = items.length > 0 ? items.map(describe).join('; ') : typeof detail === 'string' ? detail : '';
  const byStatus = statusFault(answer.status);
  const isRefusal = [errorType, ...items.map((item) => item.type)].includes('content_policy_violation');
  return {
    ...byStatus,
    started: startedOf(errorType) ?? byStatus.started,
    ...(isRefusal && answer.status < 500 ? { errorKind: 'content_policy', started: 'no' } : {}),
    ...(isOutOfMoney(answer.status, sentence) ? { errorKind: 'balance', started: 'no' } : {}),
    httpStatus: answer.status,
    message: readable(
      `HTTP ${answer.status}: ${errorType ? `${errorType}: ` : ''}${sentence || wordless(answer.status, errorType)}`,
      key,
    ),
    retryAfterMs: retryAfterMs(answer.headers['retry-after'], Date.now()),
  };
}

function startedOf(errorType: string): Fault['started'] | null {
  if (notStarted.test(errorType)) return 'no';
  return crashed.test(errorType) ? 'yes' : null;
}

function describe(item: {
  type?: string | null | undefined;
  msg?: string | null | undefined;
  loc?: unknown[] | null | undefined;
}): string {
  return `${item.loc?.join('.') ?? 'request'}: ${item.msg ?? item.type ?? 'refused'}`;
}

/** An exhausted balance comes as 403 with a sentence, not with a type. */
function isOutOfMoney(status: number, sentence: string): boolean {
  return (
    status === 402 || (status === 403 && /exhausted balance|insufficient (?:balance|funds|credits)/i.test(sentence))
  );
}

/** The same of a submit: what the queue has taken on without saying so would be paid for twice if it were sent again. */
export function submitFault(answer: Answered, key: string): Fault {
  const fault = falFault(answer, key);
  const { status } = answer;
  const isNamed = parseAs(falError, answer.text)?.error_type != null;
  const mayHide = status === 502 || status === 504 || (status >= 500 && status !== 503 && !isNamed);
  return mayHide ? { ...fault, started: 'unknown' } : fault;
}
