import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plan, Tried } from './plan';

/** A mutant that says nothing for so long hangs where no fuel is burned. */
const patienceMs = 240_000;
/** A mutant that fills arrays for ever would take the machine with it. */
const mostMemoryKb = 4_000_000;

/** One process of Vitest; where it hangs, the mutant it was at is counted as endless and another goes on. */
export async function runShard(root: string, scratch: string, part: Omit<Plan, 'results'>): Promise<Tried[]> {
  const results = `${scratch}.results`;
  const plan = `${scratch}.plan.json`;
  writeFileSync(results, '');
  for (let left = part.mutants; left.length > 0; ) {
    writeFileSync(plan, JSON.stringify({ ...part, mutants: left, results } satisfies Plan));
    const ended = await runVitest(root, plan, results);
    const tried = read(results);
    const last = tried.at(-1);
    if (!last) throw new Error(`The tests do not pass unchanged:\n${ended.output}`);
    // A mutant that eats all memory takes its process with it; anything else that ends a run is our own fault.
    if (last.outcome === 'started' && ended.exited && !ended.output.includes('Worker exited unexpectedly'))
      throw new Error(`The run broke at mutant ${last.id}:\n${ended.output}`);
    if (last.outcome === 'started')
      writeFileSync(results, `${JSON.stringify({ id: last.id, outcome: 'endless' })}\n`, { flag: 'a' });
    const done = new Set(tried.map(({ id }) => id));
    left = left.filter(({ id }) => !done.has(id));
  }
  return read(results).filter(({ outcome }) => outcome !== 'started');
}

const read = (results: string): Tried[] =>
  existsSync(results)
    ? readFileSync(results, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Tried)
    : [];

function runVitest(root: string, plan: string, results: string): Promise<{ exited: boolean; output: string }> {
  const bin = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const child = spawn(process.execPath, [bin, 'run', '--config', 'test/lab/mutate/vitest.config.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, NODE_ENV: 'test', NO_COLOR: '1', SLUICE_MUTATION: plan },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-6000);
    });
  const stop = watch(child, results);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      stop();
      resolve({ exited: code !== null, output });
    });
  });
}

/** Ends the process and the worker below it when the results have stopped growing, or memory goes on growing. */
function watch(child: ChildProcess, results: string): () => void {
  const end = () => child.pid && process.kill(-child.pid, 'SIGKILL');
  let size = -1;
  let grewMs = performance.now();
  const timer = setInterval(() => {
    const now = readFileSync(results).length;
    if (now !== size) grewMs = performance.now();
    size = now;
    if (performance.now() - grewMs > patienceMs || memoryKb(child) > mostMemoryKb) end();
  }, 1000);
  process.once('exit', end);
  return () => {
    clearInterval(timer);
    process.off('exit', end);
  };
}

/** Resident, of the process and what it has started. */
function memoryKb({ pid }: ChildProcess): number {
  const told = spawnSync('ps', ['-o', 'rss=', '-g', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  return told.split('\n').reduce((sum, line) => sum + Number(line), 0);
}
