import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { drainMs, parseEnv } from '@/lib/config/env';
import { loadEnvFiles } from '@/lib/config/env-files';
import { misspeltNames } from '@/lib/config/misspelt';
import { areKeysStored } from '@/lib/process/keys/stored-keys-there';
import { bundleFolder, bundleIfStale, pagesAreStale } from './build/build-if-stale';
import { sourcesHash } from './build/sources-hash';
import { root } from './project-root';
import { Child } from './start/child';
import { openDataFolder } from './start/data-folder';
import { type Database, openDatabase } from './start/database';
import { sayMissingWeights } from './start/first-weights';
import { buildBeside } from './start/pages';
import { sandboxEnv, simulates } from './start/plan';
import { holdPort } from './start/port';
import { startSandboxChild } from './start/sandbox-child';
import { openVoice, type Voice } from './start/voice';
import { WebChild } from './start/web-child';
import { tellSignIn, welcome } from './start/welcome';

// npm start: everything on one machine. The port first, so that it is ours; the database beside the bundle and the
// sandbox (when no key is set); then the web process and, when that serves, the watchdog; the pages, where they are
// stale, beside all of it. Everything ends with this process.
const complain = (line: string) => console.error(`sluice: ${line}`);
/** What a web process needs beside its calls: their last answers, the last writes, letting go. */
const afterDrainMs = 4_600;
/** The sandbox ends after those that call it, then the database. */
const afterChildrenMs = 2_500;
/** A web process that is not ready by then is no reason to leave the rollout unwatched. */
const longestAloneMs = 10_000;
let drainWithinMs = 4_000;
const children: Child[] = [];
let sandbox: Child | null = null;
const endOfBuild = new AbortController();
let opening: Promise<Database | null> = Promise.resolve(null);
let ending: Promise<void> | null = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(signal, 0));
endWithNpm();

try {
  await main();
} catch (error) {
  // What fails because it is being ended is no news.
  if (!ending) complain(error instanceof Error ? error.message : String(error));
  await end('a failed start', 1);
}

async function main(): Promise<void> {
  loadEnvFiles(root);
  for (const { key, sentence } of misspeltNames(process.env)) complain(`${key} ${sentence}`);
  const env = parseEnv(process.env);
  drainWithinMs = drainMs(env);
  const dataDir = resolve(root, env.SLUICE_DATA_DIR);
  const held = await holdPort(env.PORT, env.HOST);
  openDataFolder(dataDir);
  const voice = openVoice(dataDir, env.SLUICE_LOG_FILE);
  const hash = sourcesHash(root);
  const opened = openDatabase({ root, dataDir, given: env.DATABASE_URL, voice });
  opening = opened.catch(() => null);
  const bundling = bundleIfStale(root, hash);
  const mayBeSimulated = simulates(env);
  const simulating = mayBeSimulated ? bundling.then(() => sandboxProviders(voice)) : {};
  const [database, simulated] = await Promise.all([opened, simulating, bundling]);
  const isSimulated = mayBeSimulated && (env.SLUICE_SANDBOX || !(await areKeysStored(database.url)));
  // Begun beside the database, which alone knows that there are keys: real providers are not to be simulated.
  if (!isSimulated) await sandbox?.stop(500);
  const providers = isSimulated ? simulated : {};
  if (database.adopted) voice.say('the database of this folder belongs to another npm start, and is shared with it');
  if (!database.embedded && !database.isAway) {
    const unknown = (error: Error) => voice.say(`weights not looked at: ${error.message}`);
    await sayMissingWeights(database.url, voice.say).catch(unknown);
  }
  voice.note(`database ready ${elapsed()}`);
  const childEnv = { NODE_ENV: 'production', DATABASE_URL: database.url, SLUICE_DATA_DIR: dataDir, ...providers };
  const arePagesBuilt = !pagesAreStale(root, hash);
  const common = { cwd: root, env: childEnv, output: voice.output, say: voice.say };
  await held.release();
  const web = new WebChild({ ...common, file: bundled('web'), host: env.HOST, port: held.port, arePagesBuilt });
  launch(web.child);
  const serving = web.ready();
  await Promise.race([serving, wait(longestAloneMs, null, { ref: false })]);
  if (ending) return;
  // Not beside it: the first image would come later. Nothing was served that could be judged.
  launch(new Child({ ...common, name: 'watchdog', file: bundled('watchdog') }));
  const url = await serving;
  if (ending) return;
  const said = { url, database, simulated: isSimulated, arePagesBuilt, elapsed: elapsed(), dataDir, voice };
  welcome(said);
  if (!arePagesBuilt) await buildBeside({ root, hash, web, voice, signal: endOfBuild.signal, elapsed });
  if (!ending) await tellSignIn(env, said);
}

/** What the other processes are told of the simulated providers. */
async function sandboxProviders({ say, note, output }: Voice): Promise<Record<string, string>> {
  const common = { cwd: root, output, say, note };
  return sandboxEnv(await startSandboxChild({ ...common, file: bundled('sandbox'), onStart: mindSandbox }));
}

function launch(child: Child): void {
  mind(child);
  child.start();
}

/** From here on the child ends with this process. */
function mind(child: Child): void {
  refuseWhenEnding();
  children.push(child);
}

function mindSandbox(child: Child): void {
  refuseWhenEnding();
  sandbox = child;
}

/** Nothing is begun any more: who ends has looked already at what there is to end. */
function refuseWhenEnding(): void {
  if (ending) throw new Error('not started: Sluice is ending');
}

function bundled(name: string): string {
  return join(bundleFolder(root), `${name}.mjs`);
}

/** Since this process began, its own bundling included. */
function elapsed(): string {
  return `after ${(performance.now() / 1000).toFixed(1)} s`;
}

/** Children first, so that their calls end and the last events are stored, then what they use. A second signal does not wait. */
async function end(why: string, code: number): Promise<void> {
  if (ending) {
    if (code === 1) return ending;
    complain('not waiting: what still runs ends by itself');
    process.exit(1);
  }
  console.log(`sluice: ending (${why}) …`);
  const childrenWithinMs = drainWithinMs + afterDrainMs;
  const untilMs = performance.now() + childrenWithinMs + afterChildrenMs;
  endOfBuild.abort();
  ending = (async () => {
    await Promise.all(children.map((child) => child.stop(childrenWithinMs)));
    await sandbox?.stop(500);
    // A database that does not open in time is ended by the process that watches it.
    const late = wait(Math.max(0, untilMs - performance.now()), null, { ref: false });
    const database = await Promise.race([opening, late]);
    await database?.stop(untilMs - performance.now());
  })();
  await ending;
  console.log('sluice: ended');
  process.exit(code);
}

/** npm started us: when it is gone without a signal (kill -9, a closed pipe), so are we. */
function endWithNpm(): void {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void end('npm is gone', 0), 1_000).unref();
}
