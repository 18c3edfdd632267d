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

// npx tsx test/lab/hops.ts [--list]   how many files of ours run code for one request, and for one tick;
// --list names them, with the functions that ran
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

type Hops = ReadonlyMap<string, readonly string[]>;

/** The files in which a function ran meanwhile, in every round, with these functions; timers beside it stand still. */
async function hopsOf(work: () => Promise<unknown>): Promise<Hops> {
  let common: Hops | null = null;
  for (let round = 0; round < rounds; round += 1) {
    isHeld = true;
    await wait(300);
    await session.post('Profiler.takePreciseCoverage');
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    isHeld = false;
    await wait(300);
    const ran = result.flatMap(({ url, functions }) => {
      const called = functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0);
      const names = called.map(({ functionName }) => functionName || '(nameless)');
      return url.startsWith('file:') && names.length > 0 ? [[relative(root, fileURLToPath(url)), names] as const] : [];
    });
    const ours: Hops = new Map(ran.filter(([file]) => file.startsWith('lib/') && !file.includes('/sandbox/')));
    common = new Map([...(common ?? ours)].filter(([file]) => ours.has(file)));
  }
  return common ?? new Map();
}

function tell(what: string, hops: Hops): void {
  console.log(`${what}: ${hops.size} files`);
  if (!process.argv.includes('--list')) return;
  for (const [file, names] of [...hops].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`  ${file}: ${[...new Set(names)].join(', ')}`);
  }
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
  tell('a tick', await hopsOf(tick));
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
  tell('POST /api/generate', await hopsOf(generate));
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
