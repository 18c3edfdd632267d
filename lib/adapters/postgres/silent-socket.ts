import { connect, Socket } from 'node:net';
import { closedQuietly } from './closed-quietly';
import type { Host } from './url';

/** What the driver hands to its socket factory. */
interface Where {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

export interface SocketOptions {
  readonly silenceMs: number | null;
  /** Where the next connection goes; null: where the driver says. */
  readonly nextHost: (() => Host | Promise<Host>) | null;
  /** Told when the other side does not take the settings of the session. */
  readonly refused?: () => void;
}

const checkEveryMs = 100;

/** A factory of sockets for the driver: to the host that is wanted now, and none that stays silent for too long. */
export function openSocket({ silenceMs, nextHost, refused }: SocketOptions) {
  return (where: Where): Socket => {
    if (where.path) return connect(where.path);
    const next = nextHost?.() ?? { host: where.host[0] ?? 'localhost', port: where.port[0] ?? 5432 };
    const socket = new Socket();
    if (next instanceof Promise) connectLater(socket, next);
    else connectTo(socket, next);
    if (refused) hearRefusal(socket, refused);
    closedQuietly(socket);
    if (silenceMs !== null) dropWhenSilent(socket, silenceMs);
    return socket;
  };
}

/** A pooler takes few startup parameters, and names the first that it does not know. */
function hearRefusal(socket: Socket, refused: () => void): void {
  socket.once('data', (answer) => {
    if (/unsupported startup parameter/.test(answer.toString('latin1'))) refused();
  });
}

function connectTo(socket: Socket, { host, port }: Host): void {
  // The driver names the server in TLS by this.
  Object.assign(socket, { host, port });
  socket.connect(port, host);
}

/**
 * The driver loses count when its factory takes time or throws. So it gets a socket at once, which keeps what is
 * written to it until the host is found.
 */
function connectLater(socket: Socket, found: Promise<Host>): void {
  socket.cork();
  socket.once('connect', () => socket.uncork());
  found.then(
    (host) => {
      if (!socket.destroyed) connectTo(socket, host);
    },
    (error: Error) => socket.destroy(error),
  );
}

/**
 * Counts bytes instead of listening: the driver removes all listeners when it puts TLS on top. TLS also writes past
 * `write`, so there a question is noticed by sampling, unless an answer fell into the same moment; the next is.
 */
function dropWhenSilent(socket: Socket, silenceMs: number): void {
  let written = 0;
  let asked: { readonly read: number; readonly atMs: number } | null = null;
  const ask = () => {
    if (asked === null || socket.bytesRead > asked.read) asked = { read: socket.bytesRead, atMs: performance.now() };
  };
  const write = socket.write;
  socket.write = ((...args: Parameters<typeof write>) => {
    ask();
    return write.apply(socket, args);
  }) as typeof write;
  let read = 0;
  const timer = setInterval(() => {
    if (socket.destroyed) return clearInterval(timer);
    if (socket.bytesWritten !== written && socket.bytesRead === read) ask();
    written = socket.bytesWritten;
    read = socket.bytesRead;
    if (asked !== null && read > asked.read) asked = null;
    if (asked !== null && performance.now() - asked.atMs > silenceMs) {
      // Without an error: see `closedQuietly`.
      socket.destroy();
    }
  }, checkEveryMs);
  timer.unref();
}
