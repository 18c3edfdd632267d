import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Call {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A stand-in for FAL that answers as it is told and keeps what it was sent. */
export async function recordedFal() {
  const calls: Call[] = [];
  let next: { status: number; body: string; headers: Record<string, string> } | null = null;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url = '', headers } = request;
    // The probe's question for a price.
    if (url.startsWith('/v1/')) return void response.end('{"prices":[]}');
    calls.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') });
    if (next === null) return void request.socket.destroy();
    response.writeHead(next.status, { 'content-type': 'application/json', ...next.headers }).end(next.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answers(status: number, body: string, headers: Record<string, string> = {}) {
      next = { status, body, headers };
    },
    breaks() {
      next = null;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
