import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

export interface CountingProxy {
  /** The same database by way of this proxy. */
  readonly url: string;
  /** Statements that were sent to be carried out so far. */
  statements(): number;
  close(): Promise<void>;
}

const [bind, query] = ['B', 'Q'].map((letter) => letter.charCodeAt(0));

/** Stands before a Postgres and counts what it is asked, by the frames of the wire protocol. */
export async function startCountingProxy(databaseUrl: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let statements = 0;
  const listener = createServer((client) => {
    const server = dial(Number(port), hostname);
    const read = frames((type) => {
      if (type === bind || type === query) statements += 1;
    });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from) && to.destroy());
    }
    client.on('data', read);
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  return {
    url: url.toString(),
    statements: () => statements,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => listener.close(done));
    },
  };
}

/** Tells the type of each message of a client; the first has none and begins with its length. */
function frames(tell: (type: number) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let header = 0;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= header + 4) {
      const end = header + rest.readUInt32BE(header);
      if (rest.length < end) return;
      if (header === 1) tell(rest[0] ?? 0);
      rest = rest.subarray(end);
      header = 1;
    }
  };
}
