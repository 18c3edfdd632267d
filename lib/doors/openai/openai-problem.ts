import type { z } from 'zod';
import type { openaiErrorAnswer } from '@/lib/api/answers/data-plane';
import type { TextOutgoing } from '@/lib/http/message';
import type { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';

/** How OpenAI's clients are told of one kind of refusal. */
interface Told {
  readonly type?: string;
  /** OpenAI's own word, where its clients know one; left out: ours, with underscores. */
  readonly code?: string;
  /** Its clients send again whatever ends in 408, 409, 429 or 5xx, unless this says otherwise. */
  readonly again?: boolean;
}

/** By our code. What a refusal says itself, by a header of its own, stands above it. */
const kinds: Readonly<Record<string, Told>> = {
  'api-key': { type: 'authentication_error' },
  scope: { type: 'permission_error' },
  model: { type: 'permission_error' },
  'model-not-found': { type: 'invalid_request_error' },
  'quota-reached': { type: 'insufficient_quota', code: 'insufficient_quota' },
  'content-policy': { type: 'invalid_request_error', code: 'content_policy_violation', again: false },
  // It may have been made: sent again by itself, it would be paid twice.
  'provider-timeout': { again: false },
  'provider-outcome-unknown': { again: false },
  'outcome-unknown': { again: false },
  'replay-unavailable': { again: false },
  'internal-error': { again: false },
  // Another try changes nothing.
  'not-offered': { type: 'invalid_request_error', again: false },
  // Nothing was made.
  'body-too-slow': { again: true },
  'still-running': { again: true },
  'split-not-ready': { again: true },
  'provider-failed': { again: true },
  'all-providers-unavailable': { again: true },
  'connections-full': { again: true },
  'shutting-down': { again: true },
  'local-fault': { again: true },
  'requests-full': { again: true },
  'store-unavailable': { again: true },
  'store-busy': { again: true },
};

/** The same refusal in OpenAI's error shape. */
export function openaiProblem(problem: Problem, requestId: string): TextOutgoing {
  const { errors, headers } = problem.extra;
  const told = kinds[problem.code] ?? {};
  const param = errors?.[0]?.pointer.split('/')[1] ?? null;
  const type = told.type ?? typeOf(problem.status);
  const code = told.code ?? problem.code.replaceAll('-', '_');
  const answer: z.infer<typeof openaiErrorAnswer> = { error: { message: problem.message, type, param, code } };
  const again: Record<string, string> = told.again === undefined ? {} : { 'x-should-retry': String(told.again) };
  return json(problem.status, answer, { 'x-request-id': requestId, ...again, ...headers });
}

function typeOf(status: number): string {
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
