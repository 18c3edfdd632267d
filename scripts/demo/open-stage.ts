import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Env, parseEnv } from '@/lib/config/env';
import { asOwner } from '@/lib/postgres/embedded/owner-role';
import { startEmbedded } from '@/lib/postgres/embedded/start';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { openControl } from '@/lib/process/open-control';
import { type Sandbox, startSandbox } from '../sandbox/start';
import { sandboxEnv } from '../start/plan';
import { startHeadless, startProcesses } from './processes';

export interface Stage {
  readonly url: string;
  readonly hasDashboard: boolean;
  readonly databaseUrl: string;
  /** Of its processes. */
  readonly env: Env;
  readonly sandbox: Sandbox;
  readonly controls: Opened['controls'];
  /** The first split's. */
  readonly control: Opened['control'];
  close(): Promise<void>;
}

type Opened = Awaited<ReturnType<typeof openControl>>;

interface StageOptions {
  readonly say: (line: string) => void;
  readonly dashboard: boolean;
  readonly signal: AbortSignal;
  /** Of further providers, by the variables that hold them. */
  readonly keys?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Database, both providers, web and watchdog on free ports and in a folder of their own; `close` leaves nothing. */
export async function openStage({ say, dashboard, signal, keys = {} }: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
  // Run by root, Postgres is another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  const ends: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end().catch((error: unknown) => say(`demo: ${String(error)}`));
  };
  try {
    say('Starting a Postgres, two simulated providers, a web process and a watchdog …');
    const server = await startEmbedded({ dir: join(folder, 'postgres'), settings: { fsync: 'off' } });
    ends.push(() => server.stop());
    const databaseUrl = await asOwner(server.url);
    await migrate(databaseUrl);
    const sandbox = await startSandbox({ seed: 7 });
    ends.push(() => sandbox.close());
    const opened = await openControl(databaseUrl, { name: 'demo' });
    ends.push(() => opened.close());
    const env = {
      ...sandboxEnv(sandbox),
      ...keys,
      DATABASE_URL: databaseUrl,
      SLUICE_DATA_DIR: join(folder, 'data'),
      SLUICE_ADMIN_TOKEN: randomBytes(24).toString('hex'),
      SLUICE_TICK_SECONDS: '5',
      LOG_LEVEL: 'error',
      HOST: '127.0.0.1',
      NODE_ENV: 'production',
    };
    const start = dashboard ? startProcesses : startHeadless;
    const url = await start({ root, env, say, signal, onStart: (end) => ends.push(end) });
    const { controls, control } = opened;
    return { url, hasDashboard: dashboard, databaseUrl, sandbox, controls, control, close, env: parseEnv(env) };
  } catch (error) {
    await close();
    throw error;
  }
}
