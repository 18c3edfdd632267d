import type { Bench, BenchOptions } from './bench';
import { figure, type Table } from './report';
import { run, type SplitsRow } from './splits';
import { type FollowRow, followTimes, type MemoryRow, webMemory } from './splits-web';

/** What one tick of the watchdog costs, and what a web process does, as there are more splits. */
export const splits: Bench = {
  name: 'splits',
  about:
    'a tick for 1, 100 and 1,000 splits at rest and 100 under way, follow time, memory (--only ticks,follow,memory --levels 1,100 --rows events an hour)',
  async run(options) {
    const { only } = options;
    const wants = (part: string) => only === null || only.includes(part);
    const ticks = wants('ticks') ? await tickRows(options) : [];
    const follow = wants('follow') ? await inTurn(followTimes, options, toldFollow) : [];
    const memory = wants('memory') ? await inTurn(webMemory, options, toldMemory) : [];
    const tables = [tickTable(ticks), followTable(follow), memoryTable(memory)].filter(({ rows }) => rows.length > 0);
    return { report: { title: 'splits: one tick for many splits', method, tables }, data: { ticks, follow, memory } };
  },
};

const few = 1;
const many = 1000;

const method = [
  'One process that ticked before; each tick has a slot of its own: claim, reading, judging, rows, commit. Medians of 15. Processor time is what the process and its backends spent on a tick, whatever else the machine did.',
  'Under way: a rollout in each split, begun five hours ago, with so many events in the last hour in all, and ten seconds more of them before each tick.',
  'Follow: 200 writes of weights by raw SQL at random moments, from the commit until the next request of a process with the runtime of a web process is routed by them. Memory: the built web process with Next in it, each on a fresh database, resident after the same 2,000 requests.',
];

function tickRows({ rows, levels, say }: BenchOptions): Promise<readonly SplitsRow[]> {
  return run({ resting: levels ?? [1, 100, many], underWay: 100, events: rows ?? 1_000_000, repeats: 15, say });
}

async function inTurn<Row>(
  measure: (splits: number) => Promise<Row>,
  { say }: BenchOptions,
  told: (row: Row) => string,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const count of [few, many]) {
    const row = await measure(count);
    rows.push(row);
    say(told(row));
  }
  return rows;
}

const toldFollow = ({ splits, medianMs, p99Ms }: FollowRow) =>
  `${splits} splits: weights followed after ${figure(medianMs)} ms, p99 ${figure(p99Ms)} ms`;
const toldMemory = ({ splits, megabytes }: MemoryRow) => `${splits} splits: ${figure(megabytes)} MB resident`;

function tickTable(rows: readonly SplitsRow[]): Table {
  const head = ['splits', 'a tick', 'the slowest', 'target', 'processor: node', 'Postgres'];
  return { caption: 'Milliseconds a tick', head, rows: rows.map(tickCells) };
}

function tickCells({ what, tickMs, slowestMs, targetMs, nodeMs, postgresMs }: SplitsRow): string[] {
  const target = targetMs === null ? '' : figure(targetMs);
  return [what, figure(tickMs), figure(slowestMs), target, figure(nodeMs), figure(postgresMs)];
}

function followTable(rows: readonly FollowRow[]): Table {
  return {
    caption: 'Milliseconds from the commit of weights to the first request by them; the target is a p99 of 100',
    head: ['splits', 'p50', 'p99', 'most'],
    rows: rows.map(({ splits, medianMs, p99Ms, mostMs }) => [splits, ...[medianMs, p99Ms, mostMs].map(figure)]),
  };
}

function memoryTable(rows: readonly MemoryRow[]): Table {
  const base = rows[0]?.megabytes ?? Number.NaN;
  return {
    caption: 'Resident memory of a web process; the target is 1.25 × that with one split',
    head: ['splits', 'MB', 'of that with one'],
    rows: rows.map(({ splits, megabytes }) => [splits, figure(megabytes), figure(megabytes / base)]),
  };
}
