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

let isHeld = false;
const every = globalThis.setInterval;
globalThis.setInterval = ((work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
  every(() => isHeld || work(...args), ms)) as typeof setInterval;

/** The files in which a function ran meanwhile, in every round; what repeats by timers beside it stands still. */
async function filesOf(work: () => Promise<unknown>): Promise<string[]> {
  let common: Set<string> | null = null;
  for (let round = 0; round < rounds; round += 1) {
    isHeld = true;
    await wait(300);
    await session.post('Profiler.takePreciseCoverage');
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    isHeld = false;
    await wait(300);
    const ran = result.filter(({ functions }) => functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0));
    const files = ran.flatMap(({ url }) => (url.startsWith('file:') ? [relative(root, fileURLToPath(url))] : []));
    const ours = new Set(files.filter((file) => file.startsWith('lib/') && !file.includes('/sandbox/')));
    const before: Set<string> = common ?? ours;
    common = new Set([...before].filter((file) => ours.has(file)));
  }
  return [...(common ?? [])].sort();
}

function tell(what: string, files: readonly string[]): void {
  console.log(`${what}: ${files.length} files`);
  if (process.argv.includes('--list')) console.log(files.map((file) => `  ${file}`).join('\n'));
}

const server = await ownDatabase();
try {
  const { control, controls, close } = await openControl(server.url, { name: 'hops' });
  await control.flags.writeWeights({ fal: 0.9, runware: 0.1 }, { ...byUs, expectedVersion: 0 });
  const tick = async () => {
    await runTick(controls, { by: 'hops', intervalSeconds: 1, deadlineMs: 8000 });
    await wait(1100);
  };
  await tick();
  tell('a tick', await filesOf(tick));
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
  tell('POST /api/generate', await filesOf(generate));
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
