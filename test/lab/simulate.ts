import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Report } from './simulate/worker';
import { type PlantedBug, plantedBugs } from './simulation/planted';
import { simulateRollout } from './simulation/rollout';

const usage = `Usage: node --import tsx test/lab/simulate.ts [options]

  --rollouts N   how many rollouts, from seed 1 (or --from) on; 200 when left out
  --from SEED    the first seed
  --days N       simulated days of each; 7 when left out
  --workers N    processes; as many as there are cores
  --seed N       one rollout: its whole trace, byte for byte the same each time
  --bug NAME     with a planted bug: ${plantedBugs.join(', ')}
`;

const { values } = parseArgs({
  options: {
    rollouts: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    days: { type: 'string', default: '7' },
    workers: { type: 'string', default: String(availableParallelism()) },
    seed: { type: 'string' },
    bug: { type: 'string', default: 'none' },
    help: { type: 'boolean', default: false },
  },
});
const bug = plantedBugs.find((name) => name === values.bug);
if (values.help || bug === undefined) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}
process.exitCode = values.seed === undefined ? await simulateMany(bug) : await simulateOne(Number(values.seed), bug);

async function simulateOne(seed: number, bug: PlantedBug): Promise<number> {
  const outcome = await simulateRollout({ seed, bug, days: Number(values.days), keepTrace: true });
  for (const line of outcome.lines) process.stdout.write(`${line}\n`);
  process.stdout.write(`seed ${seed} trace ${outcome.hash} ${told(outcome.violation)}\n`);
  return outcome.violation === null ? 0 : 1;
}

function told(violation: Report['violations'][number]['violation'] | null): string {
  return violation === null ? 'no violation' : `${violation.invariant} at step ${violation.step}: ${violation.what}`;
}

async function simulateMany(bug: PlantedBug): Promise<number> {
  const [rollouts, from, days] = [Number(values.rollouts), Number(values.from), Number(values.days)];
  const workers = Math.max(1, Math.min(Number(values.workers), rollouts));
  const started = performance.now();
  const reports = await Promise.all(
    Array.from({ length: workers }, (_, n) =>
      runWorker({ first: from + n, every: workers, last: from + rollouts - 1, days, bug }),
    ),
  );
  const seconds = (performance.now() - started) / 1000;
  const counts: Record<string, number> = {};
  for (const report of reports)
    for (const [name, count] of Object.entries(report.counts)) counts[name] = (counts[name] ?? 0) + count;
  const violations = reports.flatMap((report) => report.violations).sort((a, b) => a.seed - b.seed);
  for (const { seed, hash, violation } of violations)
    process.stdout.write(`seed ${seed} trace ${hash} ${told(violation)}\n`);
  // The order in which workers end must not matter.
  const together = reports.reduce((sum, { mixed }) => (sum + BigInt(`0x${mixed}`)) % 2n ** 64n, 0n).toString(16);
  process.stdout.write(`${JSON.stringify(counts)}\n`);
  process.stdout.write(
    `${rollouts} rollouts of ${days} days in ${seconds.toFixed(0)} s by ${workers} processes, ` +
      `${violations.length} violations, traces together ${together}\n`,
  );
  return violations.length === 0 ? 0 : 1;
}

function runWorker(job: object): Promise<Report> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./simulate/worker.ts', import.meta.url)), [JSON.stringify(job)]);
    child.once('message', (report) => resolve(report as Report));
    child.once('exit', (code) => code !== 0 && reject(new Error(`A worker ended with ${code}.`)));
  });
}
