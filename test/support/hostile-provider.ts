import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What a provider's host may do to a call, byte by byte. */
export type Hostility = 'hang' | 'tls_hang' | 'drip' | 'reset' | 'truncate' | 'html' | 'errors' | 'no_image';

export interface HostileProvider {
  readonly url: string;
  /** Requests that arrived, probes among them. */
  readonly seen: { requests: number };
  close(): Promise<void>;
}

const reply = (type: string, body: string, length = body.length) =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n${body}`;

const answers: Readonly<Record<Exclude<Hostility, 'hang' | 'tls_hang'>, (socket: Socket) => void>> = {
  drip: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n');
    const timer = setInterval(() => socket.write(' '), 200);
    socket.once('close', () => clearInterval(timer));
  },
  reset: (socket) => socket.resetAndDestroy(),
  truncate: (socket) => socket.end(reply('application/json', '{"images":[{"url":"https', 5000)),
  html: (socket) => socket.write(reply('text/html', '<!doctype html><title>502 Bad Gateway</title>')),
  errors: (socket) =>
    socket.write(reply('application/json', '{"errors":[{"code":"providerError","message":"no workers"}]}')),
  no_image: (socket) => socket.write(reply('application/json', '{"images":[],"data":[]}')),
};

/** A raw TCP server in a provider's place. */
export async function startHostileProvider(how: Hostility): Promise<HostileProvider> {
  const sockets = new Set<Socket>();
  const seen = { requests: 0 };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      if (how === 'tls_hang' || !/^(?:GET|POST) /.test(chunk.toString('latin1', 0, 8))) return;
      seen.requests += 1;
      if (how !== 'hang') answers[how](socket);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${how === 'tls_hang' ? 'https' : 'http'}://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}
