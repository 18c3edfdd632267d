import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Log } from '@/lib/config/log';
import { writeProblemAt } from '@/lib/doors/data-plane';
import { bodyWithinMs } from '@/lib/http/body/read-body';
import { type AllowedHosts, refuseHost, refuseSecondHost } from '@/lib/http/defence/addresses';
import { Problem } from '@/lib/http/problem';
import { answer, type Entry, notFound, refusal, requestIdOf } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';
import { FrontIncoming, remoteOf, send } from './exchange';
import { isRoute, type NextHandler, passToNext } from './pass-to-next';

interface FrontOptions {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly allowed: AllowedHosts;
  readonly log: Log;
  readonly trustedHops: number;
  /** Answers everything that is not the data plane's; null: nothing else is there. */
  readonly next: NextHandler | null;
  /** Where the answers that Next is giving are kept, so that a stop can end its streams. */
  readonly passed?: Set<ServerResponse>;
  /** The largest body that Next's routes read. */
  readonly nextLimitBytes: number;
  /** In which a body must have arrived. */
  readonly bodyWithinMs?: number;
}

/** Far more than callers and browsers open, far less than a process has memory for. */
const mostConnections = 10_000;
/** The net under the deadline of a body: for what is passed on to Next and for what no handler reads. */
const timeouts = {
  ...{ headersTimeout: 15_000, requestTimeout: 20_000, connectionsCheckingInterval: 5_000 },
  keepAliveTimeout: 65_000,
};

/** The door: the data plane is answered here, before Next, and everything else is passed on to it. */
export function createFront(options: FrontOptions): Server {
  const server = createServer(timeouts);
  server.maxConnections = mostConnections;
  let saidAtMs = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    if (performance.now() - saidAtMs < 60_000) return;
    saidAtMs = performance.now();
    options.log.warn({ most: mostConnections }, 'connections are refused: as many as may be are open');
  });
  server.on('request', (request, response) => void serve(options, request, response));
  return server;
}

async function serve(options: FrontOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const requestId = requestIdOf(request.headers['x-request-id'] as string | undefined);
  try {
    refuseSecondHost(request.rawHeaders);
    refuseHost(request.headers.host, options.allowed);
    const entry = options.entries.get(path);
    if (entry) {
      const remote = remoteOf(request, options.trustedHops);
      const withinMs = options.bodyWithinMs ?? bodyWithinMs;
      const arriving = new FrontIncoming(request, path, remote, requestId, entry.limitBytes, withinMs);
      return send(response, request.method, await answer(entry.methods, arriving, options.log, writeProblemAt(path)));
    }
    if (!isPath(path)) throw new Problem(400, 'bad-target', 'The request target must be a path in valid UTF-8.');
    if (!known.has(request.method ?? '')) throw unknownMethod(path);
    if (!options.next) throw notFound(path);
    if (!isRoute(path) && !readsOnly.has(request.method ?? '')) throw onlyRead(path);
    options.passed?.add(response);
    response.once('close', () => options.passed?.delete(response));
    await passToNext(options.next, { request, response, requestId, ...options });
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    send(response, request.method, refusal(error, { requestId, path }, options.log, writeProblemAt(path)));
  }
}

const known: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const readsOnly: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Pages are read; a form or a Server Action sent to one has no reader. */
function onlyRead(path: string): Problem {
  const detail = `${excerpt(path)} is no route that can be written to; it answers GET, HEAD.`;
  return new Problem(405, 'method-not-allowed', detail, { headers: { allow: 'GET, HEAD' } });
}

function unknownMethod(path: string): Problem {
  const allow = [...known].join(', ');
  const detail = `${excerpt(path)} answers none but ${allow}.`;
  return new Problem(405, 'method-not-allowed', detail, { headers: { allow } });
}

function isPath(path: string): boolean {
  if (!path.startsWith('/')) return false;
  if (!path.includes('%')) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
