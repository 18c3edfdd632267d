import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Takes nothing new, lets what runs end, and cuts what has not ended in time. */
export async function drain(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // A kept-alive connection becomes idle when its answer is out.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  await Promise.race([closed, wait(withinMs, undefined, { ref: false })]);
  clearInterval(sweep);
  server.closeAllConnections();
}
