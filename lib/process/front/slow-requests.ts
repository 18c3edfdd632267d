import type { IncomingMessage, Server, ServerResponse } from 'node:http';

const withinMs = 200_000;
const everyMs = 5_000;

/** The net under the deadline of a body: for what is passed on to Next and for what no handler reads. */
export class SlowRequests {
  private readonly startedMs = new Map<IncomingMessage, number>();

  constructor(server: Server) {
    const timer = setInterval(() => this.look(), everyMs).unref();
    server.once('close', () => clearInterval(timer));
  }

  watch(request: IncomingMessage, response: ServerResponse): void {
    const { headers } = request;
    if (headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0)) return;
    this.startedMs.set(request, performance.now());
    const over = () => this.startedMs.delete(request);
    request.once('end', over);
    response.once('close', over);
  }

  private look(): void {
    const nowMs = performance.now();
    for (const [request, startedMs] of this.startedMs) {
      if (nowMs - startedMs < withinMs) continue;
      this.startedMs.delete(request);
      // As Node itself ends them.
      if (!request.socket.destroyed) request.socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      request.socket.destroySoon();
    }
  }
}
