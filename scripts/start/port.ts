import { createServer } from 'node:http';
import { nextPort } from '@/lib/kernel/port-text';
import { listen, PortRefused } from '@/lib/process/front/listen';
import { localUrl } from './local-url';

interface HeldPort {
  /** The real one where any would do. */
  readonly port: number;
  /** Lets go of it, for the web process to take. */
  release(): Promise<void>;
}

/**
 * Takes the port before anything else is begun, so that of two starts at one instant only one goes on. Requests that
 * come meanwhile are told to come again.
 */
export async function holdPort(port: number, host: string): Promise<HeldPort> {
  const server = createServer((_, response) => {
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1', connection: 'close' });
    response.end(JSON.stringify({ status: 'starting' }));
  });
  try {
    const address = await listen(server, port, host);
    return { port: address.port, release: () => close(server) };
  } catch (error) {
    throw await refusedPort(error, port, host);
  }
}

/** Another Sluice on that port is no stranger: there it is, and here is how to have a second one. */
export async function refusedPort(error: unknown, port: number, host: string): Promise<unknown> {
  if (!(error instanceof PortRefused) || error.code !== 'EADDRINUSE') return error;
  const url = localUrl(host, port);
  if (!(await isSluice(url))) return error;
  const another = `PORT=${nextPort(port)} SLUICE_DATA_DIR=.data-2 npm start`;
  return new Error(`Sluice already runs at ${url}. End it there (Ctrl-C), or start another beside it: ${another}`);
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function isSluice(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/api/health/live`, { signal: AbortSignal.timeout(1000) });
    const { status } = (await answer.json()) as { status?: unknown };
    return status === 'live' || status === 'starting';
  } catch {
    return false;
  }
}
