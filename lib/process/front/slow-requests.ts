import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const withinMs = 200_000;
const everyMs = 5_000;

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
    const timer = setInterval(() => this.look(), everyMs).unref();
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
      const isLate = !isOver && nowMs - watched.startedMs >= withinMs;
      if (isOver || isLate) place.watched = null;
      if (!isLate) continue;
      // As Node itself ends them.
      if (!socket.destroyed) socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      socket.destroySoon();
    }
  }
}
