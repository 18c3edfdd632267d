import { chmodSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '@/lib/postgres/embedded/start';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { checkSplits } from './histories/checker';
import { runHistory } from './histories/run-history';

const usage = `Usage: node --import tsx test/lab/histories.ts [options]

  --operations N   how many operations; 1000 when left out
  --seed N         the plan of operations and faults; 1 when left out. The same seed plans the same operations; how
                   they meet is up to real processes, and differs from run to run.
  --splits N       over so many splits of three arms each; left out: over the first split
  --record FILE    the history as JSON lines
  --planted        with the compare-and-set taken out of every statement: the checker must find it
`;

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    splits: { type: 'string', default: '1' },
    record: { type: 'string' },
    planted: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(usage);
else process.exitCode = await main(Number(values.operations), Number(values.seed));

async function main(operations: number, seed: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-histories-'));
  // Run by root, Postgres is another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dir: join(folder, 'postgres'), settings: { max_connections: 100 } });
  const record = values.record === undefined ? null : createWriteStream(values.record);
  const started = performance.now();
  let told = 0;
  try {
    await migrate(server.url);
    const { lines, remains } = await runHistory({
      ...{
        databaseUrl: server.url,
        seed,
        operations,
        splits: Number(values.splits),
        withoutCompareAndSet: values.planted,
      },
      tell: (line) => {
        record?.write(`${JSON.stringify(line)}\n`);
        if (line.type === 'invoke' && ++told % 1000 === 0) process.stdout.write(`${told} operations\n`);
      },
    });
    const { faults, counts } = checkSplits(lines, remains);
    for (const fault of faults.slice(0, 50)) process.stdout.write(`${fault}\n`);
    process.stdout.write(`${JSON.stringify(counts, null, 1)}\n`);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(`seed ${seed}: ${operations} operations in ${seconds} s, ${faults.length} faults\n`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    record?.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
