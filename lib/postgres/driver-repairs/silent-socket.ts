import { Socket } from 'node:net';
import type { Host } from '../url';

/**
 * Turns the error that ends an established connection into a plain close. After `error` and before `close` the driver
 * still takes queries for that connection, and when an error came first it forgets to fail them at the close: they
 * hang, or get the answers of others after the reconnect. A plain close fails them all with CONNECTION_CLOSED.
 */
export function closedQuietly(socket: Socket): void {
  let isReady = false;
  const emit = socket.emit;
  socket.emit = ((event: string, ...args: unknown[]) => {
    if (event === 'data' && !isReady) isReady = endsReady(args[0]);
    if (isReady && event === 'error') return true;
    if (isReady && event === 'data') args[0] = withoutFarewell(args[0]);
    if (isReady && event === 'close') return Reflect.apply(emit, socket, [event, false]);
    return Reflect.apply(emit, socket, [event, ...args]);
  }) as typeof emit;
}

/** ReadyForQuery, which ends the start of a connection; an error before it must be told as what it is. */
function endsReady(chunk: unknown): boolean {
  if (!Buffer.isBuffer(chunk) || chunk.length < 6) return false;
  const end = chunk.subarray(-6);
  return end[0] === 0x5a && end.readUInt32BE(1) === 5;
}

/**
 * Cuts off FATAL, after which the server closes: the driver would keep that error for its next connection and fail the
 * first query there with it.
 */
function withoutFarewell(chunk: unknown): unknown {
  if (!Buffer.isBuffer(chunk) || !chunk.includes('\0VFATAL\0')) return chunk;
  // Message by message; a chunk that begins within one does not add up and stays as it is.
  for (let at = 0; at + 5 <= chunk.length; at += 1 + chunk.readUInt32BE(at + 1)) {
    const isError = chunk[at] === 0x45;
    if (isError && at + 1 + chunk.readUInt32BE(at + 1) === chunk.length) return chunk.subarray(0, at);
  }
  return chunk;
}

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
