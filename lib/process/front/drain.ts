import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

interface DrainOptions {
  /** So long calls may run. */
  readonly withinMs: number;
  /**
   * So long open connections stay usable, each answer saying that it is the last one: closed at once, they would reset
   * the request already under way.
   */
  readonly graceMs?: number;
  /** Every open connection: one that has sent nothing is no idle one to Node, and would be waited for. */
  readonly sockets?: ReadonlySet<Socket>;
  /** Ends what only ends with its reader, such as a page's event stream; called after the grace. */
  readonly endStreams?: () => void;
  /** Whether a call runs: one whose caller has hung up has no connection any more, and goes on. */
  readonly isCalling?: () => boolean;
  /** The time is up: ends the calls that still run, each with an answer, for which a second is left. */
  readonly cut?: () => void;
}

const answersWithinMs = 1000;
const sweepEveryMs = 100;
/** A second and a half of sweeps. */
const silentTurns = 15;

/** The open connections of a server that does not listen yet. */
export function followSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/** Takes no new connection, lets what runs end, and cuts what has not ended in time. */
export async function drain(server: Server, options: DrainOptions): Promise<void> {
  const { withinMs, graceMs = 0, sockets = new Set(), endStreams, isCalling = () => false, cut } = options;
  const endsAt = performance.now() + withinMs;
  server.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
  // An http.Server's own `close` ends idle connections there and then.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  const closedWithin = (ms: number) => Promise.race([closed, wait(Math.max(0, ms), undefined, { ref: false })]);
  await closedWithin(Math.min(graceMs, withinMs));
  const silentFor = new Map<Socket, number>();
  // A kept-alive connection becomes idle when its answer is out. One that was opened just now may have a request on its
  // way, which a busy process reads late: it is silent when it has been at many a turn.
  const closeIdle = () => {
    server.closeIdleConnections();
    for (const socket of sockets) {
      if (socket.bytesRead > 0) continue;
      const turns = (silentFor.get(socket) ?? 0) + 1;
      silentFor.set(socket, turns);
      if (turns > silentTurns) socket.destroy();
    }
  };
  const sweep = setInterval(closeIdle, sweepEveryMs);
  closeIdle();
  endStreams?.();
  await closedWithin(withinMs - graceMs);
  while (isCalling() && performance.now() < endsAt) await wait(sweepEveryMs);
  cut?.();
  if (cut) await closedWithin(answersWithinMs);
  clearInterval(sweep);
  server.closeAllConnections();
}
