import type { z } from 'zod';
import type { openaiErrorAnswer } from '@/lib/api/answers/data-plane';
import type { TextOutgoing } from '@/lib/http/message';
import type { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';

const onlyOnce: ReadonlySet<string> = new Set([
  'provider-timeout',
  'provider-outcome-unknown',
  'outcome-unknown',
  'replay-unavailable',
]);

/** The same refusal in OpenAI's error shape. */
export function openaiProblem(problem: Problem, requestId: string): TextOutgoing {
  const { errors, headers } = problem.extra;
  const type =
    problem.status === 429 ? 'rate_limit_error' : problem.status >= 500 ? 'server_error' : 'invalid_request_error';
  const param = errors?.[0]?.pointer.split('/')[1] ?? null;
  const code = problem.code.replaceAll('-', '_');
  const answer: z.infer<typeof openaiErrorAnswer> = { error: { message: problem.message, type, param, code } };
  // The outcome is unknown or the key is in use: a client that retries by itself must not.
  const once = onlyOnce.has(problem.code);
  const more = { 'x-request-id': requestId, ...headers, ...(once ? { 'x-should-retry': 'false' } : {}) };
  return json(problem.status, answer, more);
}
