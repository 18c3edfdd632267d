import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bench, BenchOptions } from './bench/bench';
import { writeSection } from './bench/benchmarks-page';
import { dashboard } from './bench/dashboard-bench';
import { evidence } from './bench/evidence-bench';
import { gateway } from './bench/gateway';
import { survivors } from './bench/jobs/survivors-bench';
import { jobs } from './bench/jobs-bench';
import { log } from './bench/log-bench';
import { memory } from './bench/memory';
import { models } from './bench/models';
import { PeerMissing } from './bench/peers';
import { pick } from './bench/pick';
import { propagation } from './bench/propagation';
import { relay } from './bench/relay';
import { relayMemory } from './bench/relay-memory';
import { relayTruth } from './bench/relay-truth';
import { asText, loadLine, machineLine, type Report } from './bench/report';
import { splits } from './bench/splits-bench';
import { tick } from './bench/tick-bench';

const benches: readonly Bench[] = [
  gateway,
  pick,
  log,
  tick,
  splits,
  models,
  jobs,
  survivors,
  relay,
  relayTruth,
  relayMemory,
  propagation,
  dashboard,
  evidence,
  memory,
];
const page = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

const usage = `npm run bench [-- NAME… [--rows N] [--requests N] [--runs N] [--only PART,…] [--levels N,…] [--json] [--no-write]]

${benches.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}

Without a name all of them run, one after the other. Each prints its method, the machine and the raw figures, and
renews its section of docs/benchmarks.md. Peers are fetched from the registry of npm when they are not there.`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string' },
      requests: { type: 'string' },
      only: { type: 'string' },
      levels: { type: 'string' },
      runs: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      'no-write': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !benches.some((bench) => bench.name === name));
  if (values.help) return console.log(usage);
  if (unknown !== undefined) throw new Error(`There is no bench "${unknown}".\n\n${usage}`);
  const options: BenchOptions = {
    rows: whole('--rows', values.rows),
    requests: whole('--requests', values.requests),
    only: values.only?.split(',') ?? null,
    levels: values.levels?.split(',').map((level) => whole('--levels', level) ?? 0) ?? null,
    say: (line) => process.stderr.write(`${line}\n`),
  };
  const chosen = positionals.length === 0 ? benches : benches.filter(({ name }) => positionals.includes(name));
  for (const bench of chosen) {
    const results = await repeat(bench, whole('--runs', values.runs) ?? 1, options);
    if (!values['no-write']) writeSection(page, bench.name, results);
    console.log(values.json ? JSON.stringify({ bench: bench.name, runs: results }) : textOf(results));
  }
}

export interface Result {
  readonly at: string;
  readonly machine: string;
  readonly report: Report;
  readonly data: unknown;
}

async function repeat(bench: Bench, runs: number, options: BenchOptions): Promise<Result[]> {
  const results: Result[] = [];
  for (let run = 1; run <= runs; run++) {
    options.say(`${bench.name}${runs > 1 ? `, run ${run} of ${runs}` : ''} …`);
    const before = loadLine();
    const at = new Date().toISOString();
    const { report, data } = await bench.run(options);
    results.push({ at, machine: machineLine(before), report, data });
  }
  return results;
}

function textOf(results: readonly Result[]): string {
  return results.map(({ machine, report }) => `${asText(report)}\n\n  ${machine}\n`).join('\n');
}

function whole(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text.replaceAll('_', ''));
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} is "${text.slice(0, 64)}"; it must be a whole number above 0.`);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  const isSentence = error instanceof PeerMissing || (error instanceof Error && error.constructor === Error);
  console.error(isSentence ? (error as Error).message : error);
  process.exit(1);
}
