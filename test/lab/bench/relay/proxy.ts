import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { loadPeer } from '../peers';

/** One proxy that knows nothing of splits, over one vendor: `undici` is the least there is to do by that client. */
const [name = '', port = ''] = process.argv.slice(2);
const target = `http://127.0.0.1:${port}`;

type Serve = (request: IncomingMessage, response: ServerResponse) => void;
interface HttpProxy {
  web: (request: IncomingMessage, response: ServerResponse, options: object) => unknown;
  on: (event: 'error', listener: (fault: Error, request: IncomingMessage, response: ServerResponse) => void) => void;
}

function bare(): Serve {
  const pool = new Pool(target, { connections: null, pipelining: 1 });
  return (request, response) => {
    const { host, connection, expect, ...headers } = request.headers;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const sent = { path: request.url ?? '/', method: request.method as 'GET', headers, body: isRead ? null : request };
    const begun = pool.stream(sent, ({ statusCode, headers: back }) => {
      const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...rest } = back;
      response.writeHead(statusCode, rest as never);
      return response;
    });
    begun.catch(() => response.destroy());
  };
}

function served(): Serve {
  if (name !== 'http-proxy-3' && name !== 'httpxy') return bare();
  const say = (line: string) => console.error(line);
  const { createProxyServer } = loadPeer<{ createProxyServer: (options: object) => HttpProxy }>(name, say);
  const proxy = createProxyServer({ agent: new Agent({ keepAlive: true }) });
  // As their pages say: without it a fault ends the process.
  proxy.on('error', (_, __, response) => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  return (request, response) => void proxy.web(request, response, { target });
}

async function fastify(): Promise<void> {
  type App = {
    register: (...args: unknown[]) => void;
    all: (...args: unknown[]) => void;
    addContentTypeParser: (...args: unknown[]) => void;
    listen: (o: object) => Promise<string>;
  };
  const make = loadPeer<(options?: object) => App>('fastify', () => undefined);
  const plugin = loadPeer<unknown>('@fastify/reply-from', () => undefined);
  const app = make();
  app.addContentTypeParser('*', (_: unknown, payload: unknown, done: (error: null, body: unknown) => void) =>
    done(null, payload),
  );
  app.register(plugin, { base: target, undici: { connections: 128, pipelining: 1 } });
  app.all('/*', (_: unknown, reply: { from: (path?: string) => unknown }) => reply.from());
  const at = await app.listen({ port: 0, host: '127.0.0.1' });
  console.log(`LISTENING ${new URL(at).port}`);
}

if (name === 'reply-from') void fastify();
else {
  const server = createServer(served());
  server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${(server.address() as AddressInfo).port}`));
}
process.on('unhandledRejection', () => undefined);
process.stdin.resume().once('end', () => process.exit(0));
