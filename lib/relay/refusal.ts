import { Problem, problemResponse } from '@/lib/http/problem';
import type { WriteProblem } from '@/lib/http/respond';
import type { Dialect, ErrorRule } from '@/lib/registry/dialects/dialect';
import type { RefusalFacts } from './dialect';
import { filledIn } from './fill-in';

/** Which of them failed; every refusal says one. */
export type Fault = 'caller' | 'prefix' | 'split' | 'provider' | 'key' | 'upstream';

/** The same problem, and whose it is. */
export function blamed(problem: Problem, fault: Fault): Problem {
  const { extra, status, code, message } = problem;
  const headers = { ...extra.headers, 'x-sluice-fault': fault };
  return new Problem(status, code, message, { ...extra, headers });
}

/** Whose fault a thrown problem is; one that does not say is the caller's. */
export function blaming<T>(fault: Fault, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Problem && error.extra.headers?.['x-sluice-fault'] === undefined
      ? blamed(error, fault)
      : error;
  }
}

/** As the clients of a relay's dialect read it; a dialect without a shape of its own gets our problem. */
export function writeRefusal(dialect: Dialect | null, path: string): WriteProblem {
  if (dialect === null || dialect.name === 'generic') return problemResponse;
  return (problem, requestId) => {
    const { headers } = problemResponse(problem, requestId);
    const { status, code, message: sentence } = problem;
    return {
      status,
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(errorBody(dialect.error, { status, code, sentence, requestId, path })),
    };
  };
}

/** What a refusal of ours says, in the vendor's shape. */
export function errorBody({ body, by = {} }: ErrorRule, facts: RefusalFacts): unknown {
  const { status, code, sentence, requestId, path } = facts;
  const family = status >= 500 ? '5xx' : '4xx';
  const own = Object.entries(by).flatMap(([name, words]) => {
    const word = words[String(status)] ?? words[family];
    return word === undefined ? [] : [[name, word] as const];
  });
  return filledIn(body, { ...Object.fromEntries(own), status, code, sentence, path, request_id: requestId });
}
