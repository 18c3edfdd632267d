import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startEmbedded } from '@/lib/postgres/embedded/start';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { openControl } from '@/lib/process/open-control';
import { runTick } from '@/lib/watch/run-tick';
import { openStage } from '@/scripts/demo/open-stage';

// npx tsx test/lab/hops.ts [--list]   how many files of ours run code for one request, and for one tick
const root = fileURLToPath(new URL('../..', import.meta.url));
const rounds = 5;
const byUs = { verb: 'weights', actor: 'script:hops', reason: null } as const;
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

/** The functions of ours that ran since the last look, as `file:offset`. */
async function ran(): Promise<ReadonlySet<string>> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const ours = result.flatMap(({ url, functions }) => {
    const file = url.startsWith('file:') ? relative(root, fileURLToPath(url)) : '';
    if (!file.startsWith('lib/') || file.includes('/sandbox/')) return [];
    return functions.flatMap(({ ranges: [all] }) => (all && all.count > 0 ? [`${file}:${all.startOffset}`] : []));
  });
  return new Set(ours);
}

/** The functions that ran meanwhile in every round: most of what timers do beside it falls away. */
async function functionsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  let common: readonly string[] | null = null;
  for (let round = 0; round < rounds; round += 1) {
    await ran();
    await work();
    const now = await ran();
    common = common === null ? [...now] : common.filter((each) => now.has(each));
  }
  return common ?? [];
}

const filesOf = (functions: readonly string[]) =>
  [...new Set(functions.map((each) => each.split(':')[0] ?? ''))].sort();

/** `idle`: what runs while nothing is asked. A file of which no other function ran may be beside the way; it is counted. */
function tell(what: string, functions: readonly string[], idle: ReadonlySet<string>): void {
  const files = filesOf(functions);
  const onTheWay = new Set(filesOf(functions.filter((each) => !idle.has(each))));
  const beside = files.filter((file) => !onTheWay.has(file));
  console.log(
    `${what}: ${files.length} files${beside.length > 0 ? `, ${beside.length} of them also while nothing is asked` : ''}`,
  );
  if (!process.argv.includes('--list')) return;
  console.log(files.map((file) => `  ${file}${beside.includes(file) ? ' (also while idle)' : ''}`).join('\n'));
}

/** Long enough for every poll but the probe and the heartbeat, which no five requests in a row meet. */
async function whileIdle(): Promise<ReadonlySet<string>> {
  await ran();
  await wait(3000);
  return ran();
}

const server = await ownDatabase();
try {
  const { control, close } = await openControl(server.url, { name: 'hops' });
  await control.flags.writeWeights({ fal: 0.9, runware: 0.1 }, { ...byUs, expectedVersion: 0 });
  const tick = async () => {
    await runTick(control, { by: 'hops', intervalSeconds: 1, deadlineMs: 8000 });
    await wait(1100);
  };
  await tick();
  tell('a tick', await functionsOf(tick), await whileIdle());
  await close();
} finally {
  await server.close();
}

const stage = await openStage({ say: () => {}, dashboard: false, signal: new AbortController().signal });
try {
  const body = JSON.stringify({ prompt: 'a lighthouse' });
  const headers = { 'content-type': 'application/json' };
  const generate = () => fetch(`${stage.url}/api/generate`, { method: 'POST', headers, body }).then((it) => it.text());
  await generate();
  tell('POST /api/generate', await functionsOf(generate), await whileIdle());
} finally {
  await stage.close();
}

async function ownDatabase() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-hops-'));
  // Run by root, Postgres is another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  const embedded = await startEmbedded({ dir: join(folder, 'postgres'), settings: { fsync: 'off' } });
  await migrate(embedded.url);
  const close = async () => {
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: embedded.url, close };
}
