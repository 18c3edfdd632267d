import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seeded } from '@/lib/replay/simulate/chance';
import { instrument, type Mutant } from './mutate/instrument';
import { report } from './mutate/report';
import { runShard } from './mutate/shard';

// npm run mutate                       every mutant of lib/split, lib/rule and lib/replay
// npm run mutate -- --file pick.ts     those of one file
// npm run mutate -- --sample 200 --seed 7 [--at-least 90]
const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: flags } = parseArgs({
  options: {
    file: { type: 'string', multiple: true },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    'at-least': { type: 'string', default: '90' },
    survivors: { type: 'boolean', default: false },
  },
});
// Whatever ends this process ends its workers and removes its scratch folder.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const rooms = ['lib/split', 'lib/rule', 'lib/replay'];
const filesBelow = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();

process.exitCode = await main();

async function main(): Promise<number> {
  const beganMs = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-mutate-'));
  const tidy = () => rmSync(scratch, { recursive: true, force: true });
  process.once('exit', tidy);
  try {
    const { code, mutants } = mutateAll();
    const chosen = choose(mutants);
    const shards = Math.min(Number(flags.workers), Math.max(1, chosen.length));
    const results = await Promise.all(
      Array.from({ length: shards }, (_, shard) => {
        const mine = chosen.filter((_each, i) => i % shards === shard);
        return runShard(root, join(scratch, String(shard)), { code, mutants: mine, size: mutants.length });
      }),
    );
    const seconds = (performance.now() - beganMs) / 1000;
    return report(root, chosen, results.flat(), { seconds, atLeast: Number(flags['at-least']) });
  } finally {
    tidy();
  }
}

function mutateAll(): { code: Record<string, string>; mutants: Mutant[] } {
  const code: Record<string, string> = {};
  const mutants: Mutant[] = [];
  for (const file of rooms.flatMap(filesBelow)) {
    const done = instrument(file, readFileSync(join(root, file), 'utf8'), mutants.length);
    code[file] = done.code;
    mutants.push(...done.mutants);
  }
  return { code, mutants };
}

function choose(mutants: readonly Mutant[]): readonly Mutant[] {
  const named = flags.file ?? [];
  const among = mutants.filter(({ file }) => named.length === 0 || named.some((name) => file.endsWith(`/${name}`)));
  const random = seeded(Number(flags.seed));
  const drawn = among.map((mutant) => ({ mutant, draw: random() })).sort((a, b) => a.draw - b.draw);
  const ids = drawn.slice(0, Number(flags.sample ?? among.length)).map(({ mutant }) => mutant);
  return ids;
}
