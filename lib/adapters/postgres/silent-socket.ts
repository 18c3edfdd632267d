import { connect, type Socket } from 'node:net';

/** What the driver hands to its socket factory. */
interface Where {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

const checkEveryMs = 500;

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
    if (silenceMs !== null) dropWhenSilent(socket, silenceMs);
    return socket;
  };
}

/** Counts bytes instead of listening: the driver removes all listeners when it puts TLS on top. */
function dropWhenSilent(socket: Socket, silenceMs: number): void {
  let seen = { read: 0, written: 0 };
  let unansweredSince: number | null = null;
  const timer = setInterval(() => {
    if (socket.destroyed) return clearInterval(timer);
    const { bytesRead: read, bytesWritten: written } = socket;
    if (read !== seen.read) unansweredSince = null;
    else if (written !== seen.written) unansweredSince ??= performance.now();
    seen = { read, written };
    if (unansweredSince !== null && performance.now() - unansweredSince > silenceMs) {
      socket.destroy(new Error(`Postgres said nothing for ${silenceMs} ms; the connection was dropped`));
    }
  }, checkEveryMs);
  timer.unref();
}
