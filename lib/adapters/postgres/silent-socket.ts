import { connect, type Socket } from 'node:net';
import { closedQuietly } from './closed-quietly';

/** What the driver hands to its socket factory. */
interface Where {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

const checkEveryMs = 100;

/** A factory of sockets for the driver: the next host at each try, and none that stays silent for too long. */
export function openSocket(silenceMs: number | null) {
  let next = 0;
  return (where: Where): Socket => {
    if (where.path) return connect(where.path);
    const index = next % where.host.length;
    next += 1;
    const host = where.host[index] ?? 'localhost';
    const socket = connect(where.port[index] ?? 5432, host);
    // The driver names the server in TLS by this.
    Object.assign(socket, { host, port: where.port[index] });
    closedQuietly(socket);
    if (silenceMs !== null) dropWhenSilent(socket, silenceMs);
    return socket;
  };
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
