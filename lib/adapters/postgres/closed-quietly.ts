import type { Socket } from 'node:net';

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
