import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '@/lib/config/log';
import { dataEntryAt, writeProblemAt } from '@/lib/doors/data-door';
import type { RelayDoor } from '@/lib/doors/relay/relay-door';
import { bodyWithinMs } from '@/lib/http/body/read-body';
import { type AllowedHosts, refuseHost, refuseSecondHost } from '@/lib/http/defence/addresses';
import { Problem } from '@/lib/http/problem';
import { answer, type Entries, notFound, refusal, requestIdOf } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';
import { decoded } from '@/lib/kernel/plain-text';
import { FrontIncoming, isHttps, isStreaming, remoteOf, send } from './exchange';
import { isRoute, type NextHandler, passToNext } from './pass-to-next';

interface FrontOptions {
  readonly entries: Entries;
  /** What is streamed both ways, by the first part of a path. */
  readonly relays?: RelayDoor;
  readonly allowed: AllowedHosts;
  readonly log: Log;
  readonly trustedHops: number;
  /** Answers everything that is not the data plane's; null: nothing else is there. */
  readonly next: NextHandler | null;
  /** Where the answers are kept that come as streams, or that Next gives: a stop ends those that end with their reader. */
  readonly passed?: Set<ServerResponse>;
  /** The largest body that Next's routes read. */
  readonly nextLimitBytes: number;
  /** Where pages may show images from besides https. */
  readonly imageOrigins?: () => readonly string[];
  /** In which a body must have arrived. */
  readonly bodyWithinMs?: number;
}

/** Far more than callers and browsers open, far less than a process has memory for. */
const mostConnections = 10_000;
const timeouts = {
  // Node has one time for all requests, and a relay takes longer uploads than anything else may: see `SlowRequests`.
  ...{ headersTimeout: 15_000, requestTimeout: 0, connectionsCheckingInterval: 5_000 },
  keepAliveTimeout: 65_000,
};

/** The door: the data plane is answered here, before Next, and everything else is passed on to it. */
export function createFront(options: FrontOptions): Server {
  const server = createServer(timeouts);
  server.maxConnections = mostConnections;
  // Node leaves out what comes behind the 2000th, which may be the length; how long all of them may be is bounded.
  server.maxHeadersCount = 0;
  let saidAtMs = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    if (performance.now() - saidAtMs < 60_000) return;
    saidAtMs = performance.now();
    options.log.warn({ most: mostConnections }, 'connections are refused: as many as may be are open');
  });
  const slow = new SlowRequests(server);
  server.on('request', (request, response) => void serve(options, slow, request, response));
  server.on('checkContinue', (request, response) => void serve(options, slow, request, response, true));
  return server;
}

async function serve(
  options: FrontOptions,
  slow: SlowRequests,
  request: IncomingMessage,
  response: ServerResponse,
  isExpecting = false,
): Promise<void> {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const requestId = requestIdOf(request.headers['x-request-id'] as string | undefined);
  try {
    if (ending.has(request.socket)) return;
    refuseVersion(request);
    refuseSecondHost(request.rawHeaders);
    refuseHost(request.headers.host, options.allowed);
    const entry = dataEntryAt(options.entries, path);
    const relay = entry ? undefined : options.relays?.find(url);
    if (relay) {
      // The body of a GET is dropped, and nothing else bounds how long it takes.
      if (readsOnly.has(request.method ?? '')) slow.watch(request, response);
      const remote = remoteOf(request, options.trustedHops);
      const isSecure = isHttps(request);
      const raw = { request, response, remote, requestId, isExpecting, isHttps: isSecure };
      const outgoing = await relay(raw);
      return outgoing === null || response.destroyed ? undefined : send(response, request.method, outgoing);
    }
    slow.watch(request, response);
    if (isExpecting) response.writeContinue();
    if (entry) {
      const remote = remoteOf(request, options.trustedHops);
      const withinMs = options.bodyWithinMs ?? bodyWithinMs;
      const arriving = new FrontIncoming(request, path, remote, requestId, entry.limitBytes, withinMs);
      const outgoing = await answer(entry.methods, arriving, options.log, writeProblemAt(path));
      if (isStreaming(outgoing)) keepIn(options.passed, response);
      return send(response, request.method, outgoing);
    }
    if (!isPath(path)) throw new Problem(400, 'bad-target', 'The request target must be a path in valid UTF-8.');
    if (!known.has(request.method ?? '')) throw unknownMethod(path);
    if (!options.next) throw notFound(path);
    if (!isRoute(path) && !readsOnly.has(request.method ?? '')) throw onlyRead(path);
    keepIn(options.passed, response);
    await passToNext(options.next, { request, response, requestId, ...options });
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    send(response, request.method, refusal(error, { requestId, path }, options.log, writeProblemAt(path)));
  }
}

function keepIn(passed: FrontOptions['passed'], response: ServerResponse): void {
  passed?.add(response);
  response.once('close', () => passed?.delete(response));
}

const known: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const readsOnly: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** What comes on them is no request any more. */
const ending = new WeakSet<Socket>();

/** Where such a message ends, another server may read otherwise: nothing that comes behind it is read. */
function refuseVersion({ httpVersion, headers, socket }: IncomingMessage): void {
  if (httpVersion === '1.1' || (httpVersion === '1.0' && headers['transfer-encoding'] === undefined)) return;
  ending.add(socket);
  const extra = { headers: { connection: 'close' } };
  if (httpVersion !== '1.0') {
    const detail = `The request says HTTP/${httpVersion}; HTTP/1.1 is spoken here. Nothing was done.`;
    throw new Problem(505, 'http-version', detail, extra);
  }
  const detail = 'HTTP/1.0 has no Transfer-Encoding; send the body with its length, or as HTTP/1.1. Nothing was done.';
  throw new Problem(400, 'transfer-coding', detail, extra);
}

/** Pages are read; a form or a Server Action sent to one has no reader. */
function onlyRead(path: string): Problem {
  const first = `/${path.split('/', 2)[1] ?? ''}`;
  const detail = `${excerpt(path)} is no route that can be written to, and no relay has the prefix ${excerpt(first)}; it answers GET, HEAD.`;
  return new Problem(405, 'method-not-allowed', detail, { headers: { allow: 'GET, HEAD' } });
}

function unknownMethod(path: string): Problem {
  const allow = [...known].join(', ');
  const detail = `${excerpt(path)} answers none but ${allow}.`;
  return new Problem(405, 'method-not-allowed', detail, { headers: { allow } });
}

function isPath(path: string): boolean {
  return path.startsWith('/') && (!path.includes('%') || decoded(path) !== null);
}

const slowAfterMs = 200_000;
const lookEveryMs = 5_000;

interface Watched {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly startedMs: number;
}

/**
 * The net under the deadline of a body: for what is passed on to Next and for what no handler reads. A connection brings
 * one body after the other, so that its latest is the one to look at. Requests that come into a table and go again by
 * the thousand a second outlive several collections each: what a table leaves behind when it grows still names them.
 */
export class SlowRequests {
  private readonly latest = new Map<Socket, { watched: Watched | null }>();

  constructor(server: Server) {
    const timer = setInterval(() => this.look(), lookEveryMs).unref();
    server.once('close', () => clearInterval(timer));
  }

  watch(request: IncomingMessage, response: ServerResponse): void {
    const { headers, socket } = request;
    if (headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0)) return;
    this.placeOf(socket).watched = { request, response, startedMs: performance.now() };
  }

  private placeOf(socket: Socket): { watched: Watched | null } {
    const known = this.latest.get(socket);
    if (known) return known;
    const place = { watched: null };
    this.latest.set(socket, place);
    socket.once('close', () => this.latest.delete(socket));
    return place;
  }

  private look(): void {
    const nowMs = performance.now();
    for (const [socket, place] of this.latest) {
      const { watched } = place;
      if (watched === null) continue;
      const isOver = watched.request.readableEnded || watched.response.closed;
      const isLate = !isOver && nowMs - watched.startedMs >= slowAfterMs;
      if (isOver || isLate) place.watched = null;
      if (!isLate) continue;
      // As Node itself ends them.
      if (!socket.destroyed) socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      socket.destroySoon();
    }
  }
}
