import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';

/** What the network does to the bytes of one direction. */
export interface Weather {
  /** Each chunk waits this long. */
  delayMs: number;
  /** At most this many bytes a second; 0 is no limit. */
  bytesPerSecond: number;
  /** Bytes are taken and never delivered: the sender sees an open, silent connection. */
  blackHole: boolean;
}

export interface TcpProxy {
  readonly port: number;
  readonly toServer: Weather;
  readonly toClient: Weather;
  /** Black-holes, both ways, each connection of whose first bytes it says so, open or new. */
  swallow: ((hello: string) => boolean) | null;
  /** Looks at what a client sends; a promise holds it, and what comes after it, until it is kept. */
  hold: ((chunk: Buffer, hello: string, connection: number) => Promise<void> | null) | null;
  /** The same of what the server says. */
  holdAnswer: ((chunk: Buffer, connection: number) => Promise<void> | null) | null;
  /** New connections: taken, refused, or taken and never connected on. */
  accept: 'pass' | 'reset' | 'hang';
  /** Connections that are open now. */
  open(): number;
  /** Cuts every open connection with a reset. */
  reset(): void;
  /** Black-holes the connections that are open now, both ways; new ones pass. */
  freezeOpen(): void;
  close(): Promise<void>;
}

export interface ProxyTarget {
  readonly port: number;
  readonly host?: string;
  /** Changes what clients say on its way; the length must stay. */
  readonly rewrite?: (chunk: Buffer) => Buffer;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  frozen: boolean;
  /** The first bytes from the client: Postgres' carry its application_name. */
  hello: string;
}

const fair = (): Weather => ({ delayMs: 0, bytesPerSecond: 0, blackHole: false });

/** A proxy on loopback in front of a real server, whose weather is changed while connections live. */
export async function startTcpProxy(target: ProxyTarget): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  const waiting = new Set<Socket>();
  let taken = 0;
  const toServer = fair();
  const toClient = fair();
  const proxy: TcpProxy = {
    port: 0,
    toServer,
    toClient,
    accept: 'pass',
    swallow: null,
    hold: null,
    holdAnswer: null,
    open: () => pairs.size,
    reset: () => {
      for (const { client, server } of pairs) {
        client.resetAndDestroy();
        server.destroy();
      }
    },
    freezeOpen: () => {
      for (const pair of pairs) pair.frozen = true;
    },
    close: () => closeAll(listener, [...waiting, ...[...pairs].flatMap(({ client, server }) => [client, server])]),
  };
  const listener = createServer((client) => {
    client.on('error', () => {});
    if (proxy.accept === 'reset') return void client.resetAndDestroy();
    if (proxy.accept === 'hang') {
      waiting.add(client);
      return void client.once('close', () => waiting.delete(client));
    }
    const server = dial(target.port, target.host ?? '127.0.0.1');
    const connection = ++taken;
    const pair: Pair = { client, server, frozen: false, hello: '' };
    pairs.add(pair);
    client.once('data', (chunk: Buffer) => {
      pair.hello = chunk.toString('latin1');
    });
    const isLost = () => pair.frozen || (proxy.swallow?.(pair.hello) ?? false);
    const holds = (chunk: Buffer) => proxy.hold?.(chunk, pair.hello, connection) ?? null;
    const holdsAnswer = (chunk: Buffer) => proxy.holdAnswer?.(chunk, connection) ?? null;
    server.on('error', () => client.resetAndDestroy());
    pipe(client, server, toServer, isLost, holds, target.rewrite);
    pipe(server, client, toClient, isLost, holdsAnswer);
    for (const socket of [client, server]) {
      socket.once('close', () => {
        pairs.delete(pair);
        client.destroy();
        server.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, { port: (listener.address() as AddressInfo).port });
}

/** Chunks are passed on in order, each after its delay and its share of the bandwidth. */
function pipe(
  from: Socket,
  to: Socket,
  weather: Weather,
  isLost: () => boolean,
  holds: (chunk: Buffer) => Promise<void> | null,
  rewrite: (chunk: Buffer) => Buffer = (chunk) => chunk,
): void {
  let last = Promise.resolve();
  from.on('data', (said: Buffer) => {
    const chunk = rewrite(said);
    if (weather.blackHole || isLost()) return;
    const held = holds(chunk);
    const pause = weather.delayMs + (weather.bytesPerSecond > 0 ? (chunk.length / weather.bytesPerSecond) * 1000 : 0);
    if (held !== null) last = last.then(() => held);
    if (pause > 0) last = last.then(() => new Promise((resolve) => setTimeout(resolve, pause)));
    void last.then(() => to.writable && !isLost() && to.write(chunk));
  });
  from.on('end', () => void last.then(() => !weather.blackHole && !isLost() && to.end()));
}

function closeAll(listener: Server, sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => listener.close(() => resolve()));
}
