import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drainMs, type Env, parseEnv } from '@/lib/config/env';
import { loadEnvFiles } from '@/lib/config/env-files';
import { misspeltNames } from '@/lib/config/misspelt';
import { buildIfStale, bundleFolder } from './build/build-if-stale';
import { Child } from './start/child';
import { openDataFolder } from './start/data-folder';
import { type Database, openDatabase } from './start/database';

import { firstAnswer, localUrl } from './start/first-answer';
import { sayMissingWeights } from './start/first-weights';
import { sandboxEnv, simulates } from './start/plan';
import { assertPortFree } from './start/port';
import { withProgress } from './start/progress';
import { startSandboxChild } from './start/sandbox-child';
import { welcome } from './start/welcome';

// npm start: everything on one machine. The database and the build run side by side, then the sandbox (when no key is
// set), the web process and the watchdog; all of it ends with this process.
const began = performance.now();
const root = fileURLToPath(new URL('..', import.meta.url));
const say = (line: string) => console.log(`sluice: ${line}`);
/** What a web process needs beside its calls: their last answers, the last writes, letting go. */
const afterDrainMs = 4_600;
/** The sandbox ends after those that call it, then the database. */
const afterChildrenMs = 2_500;
let drainWithinMs = 4_000;
const children: Child[] = [];
let sandbox: Child | null = null;
let database: Database | null = null;
let ending: Promise<void> | null = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(signal, 0));
endWithNpm();

try {
  await main();
} catch (error) {
  console.error(`sluice: ${error instanceof Error ? error.message : String(error)}`);
  await end('a failed start', 1);
}

async function main(): Promise<void> {
  loadEnvFiles(root);
  for (const { key, sentence } of misspeltNames(process.env)) say(`${key} ${sentence}`);
  const env = parseEnv(process.env);
  drainWithinMs = drainMs(env);
  const dataDir = resolve(root, env.SLUICE_DATA_DIR);
  openDataFolder(dataDir);
  await assertPortFree(env.PORT, env.HOST, localUrl(env));
  const [opened] = await Promise.all([
    openDatabase({ root, dataDir, given: env.DATABASE_URL, say }).then(async (db) => {
      database = db;
      if (db.adopted) say('the database of this folder belongs to an npm start that runs already, and ends with it');
      if (!db.embedded && !db.isAway) {
        await sayMissingWeights(db.url, say).catch((error: Error) => say(`weights not looked at: ${error.message}`));
      }
      if (!db.isAway) say(`database ready ${elapsed()}${db.embedded ? ' (embedded Postgres)' : ''}`);
      return db;
    }),
    withProgress('still building', say, () => buildIfStale(root, say)),
  ]);
  if (ending) return;
  const childEnv = await environment(env, opened, dataDir);
  launch('web', childEnv);
  launch('watchdog', childEnv);
  await firstAnswer(env);
  if (ending) return;
  await welcome({ env, database: opened, simulated: childEnv.SLUICE_SANDBOX === '1', elapsed: elapsed(), say });
}

async function environment(env: Env, opened: Database, dataDir: string): Promise<Record<string, string>> {
  const base = { NODE_ENV: 'production', DATABASE_URL: opened.url, SLUICE_DATA_DIR: dataDir };
  if (!simulates(env, opened.url)) return base;
  const started = await startSandboxChild({ file: bundled('sandbox'), cwd: root, say });
  sandbox = started.child;
  return { ...base, ...sandboxEnv(started.urls) };
}

function launch(name: 'web' | 'watchdog', env: Record<string, string>): void {
  const child = new Child({ name, file: bundled(name), cwd: root, env, say });
  children.push(child);
  child.start();
}

function bundled(name: string): string {
  return join(bundleFolder(root), `${name}.mjs`);
}

function elapsed(): string {
  return `after ${((performance.now() - began) / 1000).toFixed(1)} s`;
}

/** Children first, so that their calls end and the last events are stored, then what they use. A second signal does not wait. */
async function end(why: string, code: number): Promise<void> {
  if (ending) {
    say('not waiting: what still runs ends by itself');
    process.exit(code || 1);
  }
  say(`ending (${why}) …`);
  const childrenWithinMs = drainWithinMs + afterDrainMs;
  const untilMs = performance.now() + childrenWithinMs + afterChildrenMs;
  ending = (async () => {
    await Promise.all(children.map((child) => child.stop(childrenWithinMs)));
    await sandbox?.stop(500);
    await database?.stop(untilMs - performance.now());
  })();
  await ending;
  say('ended');
  process.exit(code);
}

/** npm started us: when it is gone without a signal (kill -9, a closed pipe), so are we. */
function endWithNpm(): void {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void end('npm is gone', 0), 1_000).unref();
}
