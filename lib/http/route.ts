import { env } from '@/lib/config/env';
import { processLog } from '@/lib/config/log';
import { type AllowedHosts, allowedHosts, refuseHost } from './host';
import type { Incoming, Outgoing } from './message';
import { readBody, refuseLength } from './read-body';
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
export function route(methods: Methods, limitBytes: number = controlLimitBytes): Route {
  const handle: WebHandler = async (request) => toResponse(await receive(request, methods, limitBytes), request.method);
  return { GET: handle, HEAD: handle, POST: handle, PUT: handle, PATCH: handle, DELETE: handle, OPTIONS: handle };
}

let hosts: AllowedHosts | null = null;

async function receive(request: Request, methods: Methods, limitBytes: number): Promise<Outgoing> {
  const requestId = requestIdOf(request.headers.get('x-request-id'));
  const url = new URL(request.url);
  const log = processLog(env().LOG_LEVEL);
  try {
    hosts ??= allowedHosts(env());
    refuseHost(request.headers.get('host'), hosts);
    refuseLength(request.headers.get('content-length'), limitBytes);
    const body = await readBody(request.body, limitBytes);
    return await answer(methods, fromRequest(request, url, body, requestId), log);
  } catch (error) {
    return refusal(error, { requestId, path: url.pathname }, log);
  }
}

function fromRequest(request: Request, url: URL, body: Uint8Array | null, requestId: string): Incoming {
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    header: (name) => request.headers.get(name),
    body,
    remote: request.headers.get('x-forwarded-for')?.split(',')[0]?.trim() ?? null,
    requestId,
  };
}

function toResponse(outgoing: Outgoing, method: string): Response {
  const body = method === 'HEAD' ? null : outgoing.body;
  return new Response(body as BodyInit | null, { status: outgoing.status, headers: { ...outgoing.headers } });
}
