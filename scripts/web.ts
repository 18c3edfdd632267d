import { BadEnvironment, env } from '@/lib/config/env';
import { allowedHosts } from '@/lib/http/host';
import { runtime } from '@/lib/wire';
import { drain } from './web/drain';
import { createFront } from './web/front';
import { listen } from './web/listen';
import { openNext } from './web/open-next';

const drainWithinMs = 6500;
const firstReadWithinMs = 1000;

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Error && !(error instanceof BadEnvironment) && !error.cause) console.error(error.stack);
  process.exit(1);
}

async function main(): Promise<void> {
  const { PORT, HOST, SLUICE_TRUST_PROXY } = env();
  const started = runtime();
  const { log, entries } = started;
  const next = await openNext(process.cwd(), HOST, PORT);
  await Promise.race([started.firstRead, new Promise((resolve) => setTimeout(resolve, firstReadWithinMs))]);
  const front = createFront({
    entries,
    allowed: allowedHosts(env()),
    log,
    trustProxy: SLUICE_TRUST_PROXY,
    next: next.handle,
    nextLimitBytes: 16 * 1024,
  });
  const { address, port } = await listen(front, PORT, HOST);
  log.info({ address, port, weights_version: started.dataPlane.weights.routing.version }, 'listening');
  process.send?.({ kind: 'listening', port });

  let ending = false;
  const end = async (signal: string) => {
    if (ending) return;
    ending = true;
    log.info({ signal }, 'draining');
    started.drain();
    await drain(front, drainWithinMs);
    await started.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));
}
