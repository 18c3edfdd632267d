import { Socket } from 'node:net';
import type { Host } from '../url';
import { closedQuietly } from './closed-quietly';

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
  /** Asked before; on false the driver begins again, with settings that have changed. */
  readonly mayConnect?: (() => boolean | Promise<boolean>) | null;
}

const checkEveryMs = 100;

/** A factory of sockets for the driver: to the host that is wanted now, and none that stays silent for too long. */
export function openSocket({ silenceMs, nextHost, mayConnect }: SocketOptions) {
  return (where: Where): Socket => {
    const find = () => {
      if (where.path) return { path: where.path };
      return nextHost?.() ?? { host: where.host[0] ?? 'localhost', port: where.port[0] ?? 5432 };
    };
    const may = mayConnect?.() ?? true;
    const next = may === true ? find() : Promise.resolve(may).then((yes) => (yes ? find() : null));
    const socket = new Socket();
    if (next instanceof Promise) connectLater(socket, next);
    else connectTo(socket, next);
    closedQuietly(socket);
    if (silenceMs !== null && !where.path) dropWhenSilent(socket, silenceMs);
    return socket;
  };
}

type Place = Host | { readonly path: string };

function connectTo(socket: Socket, place: Place): void {
  // Connecting puts the plain write back in the place of the one that is watched.
  const { write } = socket;
  if ('path' in place) {
    socket.connect(place.path);
  } else {
    // The driver names the server in TLS by this.
    Object.assign(socket, { host: place.host, port: place.port });
    socket.connect(place.port, place.host);
  }
  socket.write = write;
}

/**
 * The driver loses count when its factory takes time or throws. So it gets a socket at once, which keeps what is
 * written to it until the host is found. Closed without an error, the driver begins again.
 */
function connectLater(socket: Socket, found: Promise<Place | null>): void {
  socket.cork();
  socket.once('connect', () => socket.uncork());
  found.then(
    (place) => {
      if (place === null) socket.destroy();
      else if (!socket.destroyed) connectTo(socket, place);
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
