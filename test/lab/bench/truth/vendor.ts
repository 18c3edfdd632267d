import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A request as the vendor had it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  bytes: number;
  sha256: string;
  /** Its last byte came. */
  isWhole: boolean;
}

export interface Vendor {
  readonly port: number;
  /** Since it was last forgotten. */
  readonly seen: Seen[];
  close(): Promise<void>;
}

export const packed = gzipSync('a lighthouse at dawn '.repeat(1000));
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

type Answer = (response: ServerResponse, request: IncomingMessage, seen: Seen) => void;

/** Before the body has come. */
const early: Readonly<Record<string, Answer>> = {
  // It closes its side and goes on reading: a reset could take the answer with it, whoever stands between.
  '/v1/early': ({ socket }) => {
    socket?.end('HTTP/1.1 413 Payload Too Large\r\nconnection: close\r\ncontent-length: 9\r\n\r\ntoo large');
    setTimeout(() => socket?.destroy(), 3000).unref();
  },
  '/v1/echo': (response, request) => {
    const type = request.headers['content-type'];
    response.writeHead(200, { ...(type ? { 'content-type': type } : {}) });
    request.pipe(response);
  },
};

const whole: Readonly<Record<string, Answer>> = {
  '/v1/packed': (response) => {
    response.setHeader('content-encoding', 'gzip').setHeader('content-type', 'text/plain');
    response.end(packed);
  },
  '/v1/head': (response) => response.setHeader('content-length', '12345').end(),
  '/v1/unchanged': (response) => response.writeHead(304, { etag: '"one"' }).end(),
  '/v1/refused': (response) => response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('{"error":"key"}'),
  '/v1/elsewhere': (response) => response.writeHead(302, { location: '/v1/followed' }).end(),
  '/v1/cookie': (response) => response.setHeader('set-cookie', 'vendor=1; Path=/').end('{}'),
  '/v1/short': (response) => {
    response.writeHead(200, { 'content-length': '100000' });
    response.write('x'.repeat(50_000), () => setTimeout(() => response.socket?.resetAndDestroy(), 50));
  },
  '/v1/broken-chunks': (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('x'.repeat(50_000), () => setTimeout(() => response.socket?.resetAndDestroy(), 50));
  },
};

/** Writes down what reaches it, and answers each path in its own way; as many do, it refuses a question with a body. */
export async function startVendor(): Promise<Vendor> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const one: Seen = { method, url, headers, bytes: 0, sha256: '', isWhole: false };
    seen.push(one);
    const hash = createHash('sha256');
    request.on('data', (chunk: Buffer) => {
      one.bytes += chunk.length;
      hash.update(chunk);
    });
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const path = url.split('?')[0] ?? '';
    early[path]?.(response, request, one);
    request.once('end', () => {
      one.isWhole = true;
      one.sha256 = hash.digest('hex');
      if (early[path]) return;
      if (method === 'GET' && one.bytes > 0) return void response.writeHead(400).end('a question with a body');
      const answer = whole[path];
      if (answer) answer(response, request, one);
      else response.setHeader('content-type', 'application/json').end('{"ok":true}');
    });
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ port: (server.address() as AddressInfo).port, seen },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
