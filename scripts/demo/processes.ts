import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEnv } from '@/lib/config/env';
import { createLog } from '@/lib/config/log';
import { allowedHosts } from '@/lib/http/defence/addresses';
import { freePort } from '@/lib/postgres/embedded/free-port';
import { drain } from '@/lib/process/front/drain';
import { createFront } from '@/lib/process/front/front';
import { listen } from '@/lib/process/front/listen';
import { startWatchdog } from '@/lib/process/watchdog/start-watchdog';
import { startRuntime } from '@/lib/process/web-runtime';
import { buildIfStale, bundleFolder } from '../build/build-if-stale';
import { Child } from '../start/child';

interface ProcessesOptions {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Told how to end what has just been started. */
  readonly onStart: (end: () => Promise<void>) => void;
}

const readyWithinMs = 60_000;

/** The web process and the watchdog as they run in production, from their bundles. Returns the address. */
export async function startProcesses({ root, env, say, signal, onStart }: ProcessesOptions): Promise<string> {
  await buildIfStale(root, say);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const all = { ...env, PORT: String(port), SLUICE_PUBLIC_URL: url };
  for (const name of ['web', 'watchdog']) {
    const child = new Child({ name, file: join(bundleFolder(root), `${name}.mjs`), cwd: root, env: all, say });
    child.start();
    onStart(() => child.stop(9000));
  }
  await ready(url, signal);
  return url;
}

/** The same without pages, inside this process: nothing to build. */
export async function startHeadless({ env, onStart }: ProcessesOptions): Promise<string> {
  const parsed = parseEnv(env);
  const log = createLog(parsed.LOG_LEVEL, { process: 'web' });
  const runtime = startRuntime(parsed, log, true);
  onStart(() => runtime.stop());
  await runtime.firstRead;
  const { entries, relays } = runtime;
  const allowed = allowedHosts(parsed);
  const front = createFront({ entries, relays, allowed, log, trustedHops: 0, next: null, nextLimitBytes: 0 });
  const { port } = await listen(front, 0, '127.0.0.1');
  onStart(() => drain(front, { withinMs: 3000 }));
  const watchdog = await startWatchdog(env);
  onStart(() => watchdog.stop('the demo is over'));
  return `http://127.0.0.1:${port}`;
}

async function ready(url: string, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + readyWithinMs;
  while (performance.now() < untilMs) {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(2000);
    const ok = await fetch(`${url}/api/health/ready`, { signal: timeout }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    await sleep(100);
  }
  throw new Error(`The web process did not answer within ${readyWithinMs / 1000} s.`);
}
