import type { ServerResponse } from 'node:http';
import { BadEnvironment, drainMs, env } from '@/lib/config/env';
import { allowedHosts } from '@/lib/http/defence/addresses';
import { drain, followSockets } from '@/lib/process/front/drain';
import { createFront } from '@/lib/process/front/front';
import { listen, PortRefused } from '@/lib/process/front/listen';
import { openNext } from '@/lib/process/front/open-next';
import { openPages } from '@/lib/process/front/pages';
import { plainOrigins } from '@/lib/process/front/plain-origins';
import { tellSupervisor } from '@/lib/process/front/tell-supervisor';
import { controlPlane, runtime } from '@/lib/process/web';

const graceMs = 500;
const firstReadWithinMs = 1000;

try {
  await main();
} catch (error) {
  console.error(isSentence(error) ? error.message : error);
  if (error instanceof PortRefused) await tellSupervisor({ refused: error.message, code: error.code });
  process.exit(1);
}

async function main(): Promise<void> {
  const { PORT, HOST, SLUICE_TRUST_PROXY } = env();
  const started = runtime(true);
  const { log, entries, relays } = started;
  // A rejection that no code awaited is a fault of ours, but no reason to drop the images that callers are waiting for.
  process.on('unhandledRejection', (err) => log.error({ err }, 'a failure that nobody waited for'));
  const known = Promise.race([started.firstRead, new Promise((resolve) => setTimeout(resolve, firstReadWithinMs))]);
  // The port is opened before Next is up: the data plane answers at once, pages wait for Next. Loading it holds all else
  // up, so that the relays are read first: the first request finds them.
  const pages = openPages(async () => {
    await known;
    return openNext(process.cwd(), HOST, PORT);
  }, log);
  await known;
  const passed = new Set<ServerResponse>();
  const front = createFront({
    entries,
    relays,
    passed,
    allowed: allowedHosts(env()),
    log,
    trustedHops: SLUICE_TRUST_PROXY,
    next: pages.handler,
    nextLimitBytes: 16 * 1024,
    imageOrigins: () => plainOrigins(started.dataPlane.lanes.values()),
  });
  const sockets = followSockets(front);
  const { address, port } = await listen(front, PORT, HOST);
  // Also without a visitor: a web process must notice when the watchdog is dead.
  if (env().DATABASE_URL !== undefined) controlPlane();
  log.info({ address, port, weights_version: started.dataPlane.weights.routing.version }, 'listening');
  await tellSupervisor({ listening: { address, port } });

  let ending = false;
  const end = async (signal: string) => {
    if (ending) return;
    ending = true;
    log.info({ signal }, 'draining');
    started.drain();
    const endStreams = () => {
      for (const response of passed) if (isStream(response)) response.destroy();
    };
    const { isCalling, cut } = started;
    await drain(front, { withinMs: drainMs(env()), graceMs, sockets, endStreams, isCalling, cut });
    await started.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));
  await pages.opened;
}

/** A page's event stream only ends with its page, which finds another process by itself. */
function isStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream');
}

/** Said for people; anything else is a fault of ours, with its stack. */
function isSentence(error: unknown): error is Error {
  return error instanceof Error && (error instanceof BadEnvironment || error.cause !== undefined);
}
