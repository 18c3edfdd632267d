import { randomUUID } from 'node:crypto';
import type { Log } from '@/lib/config/log';
import { excerpt } from '@/lib/kernel/excerpt';
import { asProblem } from './as-problem';
import type { Arriving, Handler, Outgoing, TextOutgoing } from './message';
import { Problem } from './problem';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
export type Methods = Readonly<Partial<Record<Method, Handler>>>;

/** What one path answers, ready for any door: the front, or Next. */
export interface Entry {
  readonly limitBytes: number;
  readonly methods: Methods;
}

/** What answers a path; undefined: nothing does. */
export interface Entries {
  get(path: string): Entry | undefined;
}

/** How a door says what it refuses: its callers read errors in a shape of their own. */
export type WriteProblem = (problem: Problem, requestId: string) => TextOutgoing;

export function notFound(path: string): Problem {
  return new Problem(404, 'not-found', `There is nothing at ${excerpt(path)}.`);
}

function notAllowed(method: string, path: string, methods: Methods): Problem {
  const allow = Object.keys(methods).join(', ');
  const detail = `${excerpt(path)} does not answer ${method.slice(0, 16)}; it answers ${allow}.`;
  return new Problem(405, 'method-not-allowed', detail, { headers: { allow } });
}

/** Runs the handler of the method; every way out is an answer, and a fault is logged once, here. */
export async function answer(methods: Methods, arriving: Arriving, log: Log, write: WriteProblem): Promise<Outgoing> {
  try {
    const handler = methods[arriving.method as Method] ?? (arriving.method === 'HEAD' ? methods.GET : undefined);
    if (!handler) throw notAllowed(arriving.method, arriving.path, methods);
    return await handler(arriving);
  } catch (error) {
    return refusal(error, arriving, log, write);
  }
}

/** Where something was refused, for the log. */
interface Refused {
  readonly requestId: string;
  readonly path: string;
  readonly caller?: string;
}

export function refusal(error: unknown, refused: Refused, log: Log, write: WriteProblem): Outgoing {
  const { requestId, path, caller } = refused;
  const problem = asProblem(error);
  if (problem !== null) {
    if (problem.status >= 500) {
      const { code, extra } = problem;
      const where = { request_id: requestId, path, caller, code, err: extra.cause };
      log.warn(where, problem.message);
    }
    return write(problem, requestId);
  }
  log.error({ request_id: requestId, path, caller, err: error }, 'a request failed unexpectedly');
  const detail = 'Something failed here; the log has the reason under this request_id.';
  return write(new Problem(500, 'internal-error', detail), requestId);
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): TextOutgoing {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

const sane = /^[\w.:-]{8,64}$/;

/** The caller's own id when it is fit for a log line, else a new one. */
export function requestIdOf(inbound: string | null | undefined): string {
  return inbound && sane.test(inbound) ? inbound : newId();
}

const latest = { ms: 0, start: '' };

/** As it was before Next put its own in place, which first looks up whose page asks. */
const wallClock = Date.now;

/** A UUID of version 7: ids of one time stand together in the log's index, which then grows at its end only. */
function newId(): string {
  const ms = wallClock();
  if (ms !== latest.ms) {
    const hex = ms.toString(16).padStart(12, '0');
    latest.ms = ms;
    latest.start = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
  }
  return latest.start + randomUUID().slice(15);
}
