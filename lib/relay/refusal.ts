import { Problem, problemResponse } from '@/lib/http/problem';
import type { WriteProblem } from '@/lib/http/respond';
import { dialectCalled } from './dialects/dialects';
import { generic } from './dialects/generic';

/** Which of them failed; every refusal says one. */
export type Fault = 'caller' | 'prefix' | 'split' | 'provider' | 'key' | 'upstream';

/** The same problem, and whose it is. */
export function blamed(problem: Problem, fault: Fault): Problem {
  const { extra, status, code, message } = problem;
  const headers = { ...extra.headers, 'x-sluice-fault': fault };
  return new Problem(status, code, message, { ...extra, headers });
}

/** Which of them a problem thrown on the way belongs to; what says nothing is the caller's. */
export async function blaming<T>(fault: Fault, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Problem && error.extra.headers?.['x-sluice-fault'] === undefined
      ? blamed(error, fault)
      : error;
  }
}

/** As the clients of a relay's dialect read it; what speaks none of its own gets our problem. */
export function writeRefusal(name: string, path: string): WriteProblem {
  const dialect = dialectCalled(name);
  if (dialect === undefined || dialect === generic) return problemResponse;
  return (problem, requestId) => {
    const { headers } = problemResponse(problem, requestId);
    const { status, code, message: sentence } = problem;
    const said = dialect.error({ status, code, sentence, requestId, path });
    return {
      status: said.status,
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(said.body),
    };
  };
}
