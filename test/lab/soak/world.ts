import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Control } from '@/lib/control/control';
import { connect } from '@/lib/postgres/connection';
import { freePort } from '@/lib/postgres/embedded/free-port';
import { startEmbedded } from '@/lib/postgres/embedded/start';
import { migrate } from '@/lib/postgres/migrate/migrate';
import type { Sql } from '@/lib/postgres/sql';
import { openControl } from '@/lib/process/open-control';
import { buildIfStale, bundleFolder } from '@/scripts/build/build-if-stale';
import { type RelaySandbox, startRelaySandbox } from '@/scripts/sandbox/relays';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { Child } from '@/scripts/start/child';
import { sandboxEnv } from '@/scripts/start/plan';
import { addVideoSplit } from '@/test/support/video-split';
import { addRelays, startEcho } from './relays';

export interface World {
  readonly url: string;
  readonly sql: Sql;
  readonly control: Control;
  readonly sandbox: Sandbox;
  readonly relays: RelaySandbox;
  readonly samples: string;
  /** How often a child ended without having been asked to. */
  readonly crashes: Readonly<Record<'web' | 'watchdog', number>>;
  killWatchdog(): void;
  restartDatabase(): Promise<void>;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const preload = pathToFileURL(join(root, 'test/lab/soak/sample-memory.mjs')).href;

/** Database, both providers, web and watchdog as in production, in a folder of their own that is gone afterwards. */
export async function openWorld(sampleMs: number, say: (line: string) => void): Promise<World> {
  await buildIfStale(root, say);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
  // Run by root, Postgres is another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const where = { dir: join(folder, 'postgres'), port: await freePort() };
    let server = await startEmbedded(where);
    ends.push(() => server.stop());
    await migrate(server.url);
    const sql = connect(server.url, { name: 'soak', max: 2, silenceMs: null });
    ends.push(() => sql.end({ timeout: 2 }));
    const opened = await openControl(server.url, { name: 'soak' });
    ends.push(() => opened.close());
    const sandbox = await startSandbox({ seed: 7 });
    ends.push(() => sandbox.close());
    // At rest: a second rollout over the same providers would hold up the one that is told.
    await addVideoSplit(sql, { old: 1, new: 0 });
    sandbox.control('fal', { jobMs: { median: 2000, p95: 6000 } });
    const [relays, echo] = await Promise.all([startRelaySandbox(7), startEcho()]);
    ends.push(() => relays.close(), echo.close);
    relays.runway.control({ jobMs: { median: 2000, p95: 6000 } });
    await addRelays(sql, relays.runway.url, echo.url);
    const samples = join(folder, 'samples');
    const port = await freePort();
    const crashes = { web: 0, watchdog: 0 };
    mkdirSync(join(folder, 'data'), { mode: 0o711 });
    const env = {
      ...sandboxEnv(sandbox),
      RUNWAY_API_KEY: relays.runway.key,
      ...{ DATABASE_URL: server.url, SLUICE_DATA_DIR: join(folder, 'data'), SLUICE_TICK_SECONDS: '5' },
      ...{ HOST: '127.0.0.1', PORT: String(port), NODE_ENV: 'production', LOG_LEVEL: 'fatal' },
      ...{ SLUICE_ADMIN_TOKEN: randomBytes(24).toString('hex'), NODE_OPTIONS: `--import ${preload}` },
      ...{ SOAK_SAMPLES: samples, SOAK_SAMPLE_MS: String(sampleMs) },
    };
    const launch = (name: 'web' | 'watchdog') => {
      const file = join(bundleFolder(root), `${name}.mjs`);
      const heard = (line: string) => {
        crashes[name] += 1;
        say(`  ${line}`);
      };
      const child = new Child({ name, file, cwd: root, env, say: heard });
      child.start();
      ends.push(() => child.stop(9000));
      return child;
    };
    const [, watchdog] = [launch('web'), launch('watchdog')];
    const url = `http://127.0.0.1:${port}`;
    await ready(url);
    return {
      ...{ url, sql, control: opened.control, sandbox, relays, samples, crashes, close },
      killWatchdog() {
        // A pid of 0 would be our whole process group.
        if (watchdog.pid === undefined) throw new Error('there is no watchdog to be killed');
        process.kill(watchdog.pid, 'SIGKILL');
      },
      async restartDatabase() {
        await server.stop();
        server = await startEmbedded(where);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ready(url: string): Promise<void> {
  const untilMs = performance.now() + 60_000;
  while (performance.now() < untilMs) {
    const [isReady, health] = await Promise.all([
      ask(`${url}/api/health/ready`).then((answer) => answer?.ok === true),
      ask(`${url}/api/health`).then((answer) => answer?.json() as Promise<Health> | undefined),
    ]);
    // An order before the split of jobs is known would find none.
    if (isReady && ['film', 'runway', 'acme'].every((slug) => typeof health?.splits?.[slug]?.version === 'number'))
      return;
    await sleep(100);
  }
  throw new Error('the web process was not ready within 60 s');
}

interface Health {
  readonly splits?: Readonly<Record<string, { readonly version: number | null }>>;
}

const ask = (url: string) => fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => null);
