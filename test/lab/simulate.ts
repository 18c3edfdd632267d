import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runWorker } from './simulate/run-worker';
import { simulateSplits } from './simulate/simulate-splits';
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

  --splits N     instead: how often the live rule rolls back one of N splits in which nothing is wrong, per split and
                 hour, and how often one split alone, in as many hours
  --hours N      hours of each split; 3 when left out
  --rounds N     how often all of them; 200 when left out, two minutes of a processor
`;

const { values } = parseArgs({
  options: {
    rollouts: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    days: { type: 'string', default: '7' },
    workers: { type: 'string', default: String(availableParallelism()) },
    seed: { type: 'string' },
    bug: { type: 'string', default: 'none' },
    splits: { type: 'string' },
    hours: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false },
  },
});
const bug = plantedBugs.find((name) => name === values.bug);
if (values.help || bug === undefined) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}
process.exitCode = await simulate(bug, values);

async function simulate(
  bug: PlantedBug,
  { seed, splits, hours, rounds, from, workers }: typeof values,
): Promise<number> {
  if (splits === undefined) return seed === undefined ? simulateMany(bug) : simulateOne(Number(seed), bug);
  const run = { splits, hours, rounds, from, workers };
  const [wrong] = Object.entries(run).filter(([, text]) => !(Number.isInteger(Number(text)) && Number(text) > 0));
  if (wrong !== undefined) {
    process.stderr.write(`--${wrong[0]} is "${wrong[1].slice(0, 64)}"; it must be a whole number above 0.\n`);
    return 2;
  }
  const whole = (name: keyof typeof run) => Number(run[name]);
  return simulateSplits({
    ...{ splits: whole('splits'), hours: whole('hours'), rounds: whole('rounds') },
    ...{ from: whole('from'), workers: whole('workers') },
  });
}

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
      runWorker<Report>('worker', { first: from + n, every: workers, last: from + rollouts - 1, days, bug }),
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
