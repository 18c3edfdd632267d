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

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  frozen: boolean;
}

const fair = (): Weather => ({ delayMs: 0, bytesPerSecond: 0, blackHole: false });

/** A proxy on loopback in front of a real server, whose weather is changed while connections live. */
export async function startTcpProxy(target: { port: number; host?: string }): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  const waiting = new Set<Socket>();
  const toServer = fair();
  const toClient = fair();
  const proxy: TcpProxy = {
    port: 0,
    toServer,
    toClient,
    accept: 'pass',
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
    const pair: Pair = { client, server, frozen: false };
    pairs.add(pair);
    server.on('error', () => client.resetAndDestroy());
    pipe(client, server, toServer, pair);
    pipe(server, client, toClient, pair);
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
function pipe(from: Socket, to: Socket, weather: Weather, pair: Pair): void {
  let last = Promise.resolve();
  from.on('data', (chunk: Buffer) => {
    if (weather.blackHole || pair.frozen) return;
    const pause = weather.delayMs + (weather.bytesPerSecond > 0 ? (chunk.length / weather.bytesPerSecond) * 1000 : 0);
    if (pause === 0) return void last.then(() => to.writable && to.write(chunk));
    last = last.then(
      () =>
        new Promise((resolve) =>
          setTimeout(() => {
            if (to.writable && !pair.frozen) to.write(chunk);
            resolve();
          }, pause),
        ),
    );
  });
  from.on('end', () => void last.then(() => !weather.blackHole && !pair.frozen && to.end()));
}

function closeAll(listener: Server, sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => listener.close(() => resolve()));
}
