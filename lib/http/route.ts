import { env } from '@/lib/config/env';
import { type Log, processLog } from '@/lib/config/log';
import { heldBody } from './body/held-body';
import { readBody, refuseLength } from './body/read-body';
import { type AllowedHosts, allowedHosts, refuseHost } from './defence/host';
import { peerOf } from './defence/peer';
import type { Arriving, Head, Outgoing } from './message';
import { requestIdOf } from './request-id';
import { answer, type Method, type Methods, refusal } from './respond';

export const controlLimitBytes = 16 * 1024;

type WebHandler = (request: Request) => Promise<Response>;
export type Route = Readonly<Record<Method, WebHandler>>;

/**
 * Handlers as the exports of a Next route file:
 * `export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({ POST: handler });`
 * Methods without a handler answer 405 with Allow, which Next by itself does not say.
 */
export function route(methods: Methods, limitBytes = controlLimitBytes): Route {
  return arrivalRoute((arriving, log) => answer(methods, arriving, log), limitBytes);
}

/** The same for what reads a request's body itself, or not at all. */
export function arrivalRoute(answerTo: (arriving: Arriving, log: Log) => Promise<Outgoing>, limitBytes: number): Route {
  const handle: WebHandler = async (request) =>
    toResponse(await receive(request, answerTo, limitBytes), request.method);
  return { GET: handle, HEAD: handle, POST: handle, PUT: handle, PATCH: handle, DELETE: handle, OPTIONS: handle };
}

let hosts: AllowedHosts | null = null;

async function receive(
  request: Request,
  answerTo: (arriving: Arriving, log: Log) => Promise<Outgoing>,
  limitBytes: number,
): Promise<Outgoing> {
  const requestId = requestIdOf(request.headers.get('x-request-id'));
  const url = new URL(request.url);
  const log = processLog(logLevel());
  try {
    hosts ??= allowedHosts(env());
    refuseHost(request.headers.get('host'), hosts);
    return await answerTo(fromRequest(request, url, requestId, limitBytes), log);
  } catch (error) {
    return refusal(error, { requestId, path: url.pathname }, log);
  }
}

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
  return new Response(method === 'HEAD' ? null : (body as BodyInit | null), { status, headers: { ...headers } });
}
