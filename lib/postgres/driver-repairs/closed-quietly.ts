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
