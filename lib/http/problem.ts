import type { TextOutgoing } from './message';

/** An expected refusal: thrown anywhere below a handler, turned into RFC 9457 once, at the door. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly extra: {
      readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
      readonly headers?: Readonly<Record<string, string>>;
      /** Further members of the body: `blockers`, `version`, `weights`, `by`, `at`. */
      readonly members?: Readonly<Record<string, unknown>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: extra.cause });
    this.name = 'Problem';
  }

  /** By name: the front and Next hold separate copies of this module in one process. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'Problem';
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Too slow',
  409: 'Wrong state',
  412: 'Stale version',
  413: 'Too large',
  415: 'Wrong content type',
  421: 'Wrong host',
  422: 'Not valid',
  428: 'Version missing',
  429: 'Too many requests',
  500: 'Internal error',
  501: 'Not offered',
  505: 'Unknown version of HTTP',
  502: 'Provider failed',
  503: 'Unavailable',
  504: 'Provider timed out',
};

export function problemResponse(problem: Problem, requestId: string): TextOutgoing {
  const { errors, headers, members } = problem.extra;
  return {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...headers,
    },
    body: JSON.stringify({
      type: `urn:sluice:problem:${problem.code}`,
      title: titles[problem.status] ?? 'Error',
      status: problem.status,
      detail: problem.message,
      code: problem.code,
      request_id: requestId,
      errors: errors ?? [],
      ...members,
    }),
  };
}
