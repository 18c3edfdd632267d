import type { z } from 'zod';
import type { falErrorAnswer } from '@/lib/api/answers/data-plane';
import type { AttemptView } from '@/lib/api/views';
import type { TextOutgoing } from '@/lib/http/message';
import type { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';

type Body = z.infer<typeof falErrorAnswer>;

/** The platform's own words where they fit. */
const errorTypes: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'bad_request',
  409: 'conflict',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  421: 'bad_request',
  429: 'rate_limited',
  500: 'internal_error',
  501: 'not_implemented',
  503: 'runner_scheduling_failure',
  504: 'request_timeout',
};

/** The provider may be making the image still. */
const unknownOutcome: ReadonlySet<string> = new Set([
  'provider-timeout',
  'provider-outcome-unknown',
  'job-outcome-unknown',
]);

/** After these nothing had begun, so that a request may be sent again. */
const notBegun: ReadonlySet<string | null> = new Set([
  ...['connect', 'tls', 'rate_limited', 'circuit_open', 'queue_timeout', 'local', 'cut'],
]);

/**
 * The same refusal as FAL says it. FAL's clients send a request four times on 429, 502, 503 and 504, and once on a 504
 * that says `user`: so nothing that a provider may have begun is answered by any other of these.
 */
export function falProblem(problem: Problem, requestId: string): TextOutgoing {
  const status = statusOf(problem);
  const { headers, members } = problem.extra;
  const errorType = problem.code === 'provider-failed' ? 'runner_server_error' : (errorTypes[status] ?? 'bad_request');
  const isList = status === 422;
  const body: Body = {
    detail: isList ? listOf(problem) : problem.message,
    ...(isList ? {} : { error_type: errorType }),
    message: problem.message,
    request_id: requestId,
    ...(members?.outcome === 'unknown' ? { outcome: 'unknown' } : {}),
  };
  return json(status, body, {
    'x-request-id': requestId,
    'x-fal-request-id': requestId,
    ...headers,
    ...(isList ? {} : { 'x-fal-error-type': errorType }),
    ...(unknownOutcome.has(problem.code) ? { 'x-fal-request-timeout-type': 'user' } : {}),
  });
}

function statusOf({ status, code, extra }: Problem): number {
  if (unknownOutcome.has(code)) return 504;
  if (code !== 'provider-failed' && code !== 'all-providers-unavailable') return status;
  const attempts = (extra.members?.attempts ?? []) as readonly AttemptView[];
  if (code === 'provider-failed' && attempts.at(-1)?.error_kind === 'rejected') return 422;
  return attempts.every(({ error_kind }) => notBegun.has(error_kind)) ? 503 : 500;
}

function listOf({ code, message, extra }: Problem): Exclude<Body['detail'], string> {
  if (code === 'content-policy') return [{ loc: ['body', 'prompt'], msg: message, type: 'content_policy_violation' }];
  const { errors = [] } = extra;
  if (errors.length === 0) return [{ loc: ['body'], msg: message, type: 'value_error' }];
  return errors.map(({ pointer, detail }) => ({
    loc: ['body', ...pointer.split('/').slice(1)],
    msg: detail,
    type: /^is (?:missing|required)\b/.test(detail) ? 'missing' : 'value_error',
  }));
}
