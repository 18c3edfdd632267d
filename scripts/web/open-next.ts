import next from 'next';
import type { NextHandler } from './front';

/** Next in this process, from its production build. */
export async function openNext(dir: string, hostname: string, port: number): Promise<NextHandler> {
  const app = next({ dev: false, dir, hostname, port });
  await app.prepare();
  return app.getRequestHandler();
}
