import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Takes no new connection, lets what runs end, and cuts what has not ended in time. For `graceMs` open connections stay
 * usable and each answer says that it is the last one: closed at once, they would reset the request already under way.
 */
export async function drain(server: Server, withinMs: number, graceMs = 0): Promise<void> {
  server.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
  // An http.Server's own `close` ends idle connections there and then.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  await Promise.race([closed, wait(graceMs, undefined, { ref: false })]);
  server.closeIdleConnections();
  // A kept-alive connection becomes idle when its answer is out.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  await Promise.race([closed, wait(withinMs - graceMs, undefined, { ref: false })]);
  clearInterval(sweep);
  server.closeAllConnections();
}
