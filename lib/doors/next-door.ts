import { env } from '@/lib/config/env';
import { processLog } from '@/lib/config/log';
import { heldBody } from '@/lib/http/body/held-body';
import { readBody, refuseLength } from '@/lib/http/body/read-body';
import { type AllowedHosts, allowedHosts, peerOf, refuseHost } from '@/lib/http/defence/addresses';
import type { Arriving, Head, Outgoing } from '@/lib/http/message';
import { answer, type Method, notFound, refusal, requestIdOf } from '@/lib/http/respond';
import { onceInProcess } from '@/lib/kernel/once-in-process';
import { writeProblemAt } from './data-door';
import type { FindEntry } from './route-finder';

type WebHandler = (request: Request) => Promise<Response>;
export type NextRoute = Readonly<Record<Method, WebHandler>>;

/**
 * What is found by its path as the exports of a Next route file:
 * `export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = nextDoor(findEntry);`
 * Next's own 404 is a page, and its 405 names no method: the caller of an API gets a problem instead.
 */
export function nextDoor(find: FindEntry): NextRoute {
  const handle: WebHandler = async (request) => toResponse(await receive(request, find), request.method);
  return { GET: handle, HEAD: handle, POST: handle, PUT: handle, PATCH: handle, DELETE: handle, OPTIONS: handle };
}

async function receive(request: Request, find: FindEntry): Promise<Outgoing> {
  const requestId = requestIdOf(request.headers.get('x-request-id'));
  const url = new URL(request.url);
  const log = processLog(logLevel());
  const write = writeProblemAt(url.pathname);
  try {
    refuseHost(request.headers.get('host'), hosts());
    const entry = find(url.pathname);
    if (entry === null) throw notFound(url.pathname);
    return await answer(entry.methods, fromRequest(request, url, requestId, entry.limitBytes), log, write);
  } catch (error) {
    return refusal(error, { requestId, path: url.pathname }, log, write);
  }
}
const hosts = (): AllowedHosts => onceInProcess('hosts', () => allowedHosts(env()));

/** A bad environment is an answer of every route, not a fault before there is a log. */
function logLevel(): string {
  try {
    return env().LOG_LEVEL;
  } catch {
    return 'info';
  }
}

function fromRequest(request: Request, url: URL, requestId: string, limitBytes: number): Arriving {
  const head: Head = {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    header: (name) => request.headers.get(name),
    remote: peerOf(request.headers, env()),
    requestId,
  };
  const received = async () => {
    refuseLength(request.headers.get('content-length'), limitBytes);
    return { ...head, body: await readBody(request.body, limitBytes) };
  };
  return { ...head, received };
}

function toResponse(outgoing: Outgoing, method: string): Response {
  const { status, headers, body, release } = outgoing;
  if (release && method !== 'HEAD' && body instanceof Uint8Array) {
    const length = { 'content-length': String(body.length) };
    return new Response(heldBody(body, release), { status, headers: { ...headers, ...length } });
  }
  release?.();
  // A HEAD has no body, and its source must end.
  if (method === 'HEAD' && body instanceof ReadableStream) void body.cancel();
  return new Response(method === 'HEAD' ? null : (body as BodyInit | null), { status, headers: { ...headers } });
}
