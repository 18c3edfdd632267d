import { createServer } from 'node:http';
import type { NextHandler } from './pass-to-next';

/** Next in this process, from its production build. */
export async function openNext(dir: string, hostname: string, port: number): Promise<NextHandler> {
  // Not loaded before it is needed: a process whose pages are still being built serves sooner.
  const { default: next } = await import('next');
  // Next listens for upgrades on the server it is given, else on the one it serves, and leaves those sockets open for
  // ever: clients that offer h2c would never be answered. This server is never listened on; ours then ignores the offer.
  const app = next({ dev: false, dir, hostname, port, httpServer: createServer() });
  await app.prepare();
  return app.getRequestHandler();
}
