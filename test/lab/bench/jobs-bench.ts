import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Sql } from '@/lib/postgres/sql';
import type { Bench } from './bench';
import { startProcess } from './child-process';
import { type DoorFigures, measureDoors, ways } from './jobs/doors';
import type { Figures } from './jobs/poller';
import { vendors } from './jobs/vendors';
import { processorOf } from './processor';
import { figure, type Table } from './report';
import { withScratchDatabase } from './scratch-database';
import { median, quantile } from './statistics';

const usualJobs = 5000;
/** The first statements of a process are slow, and a backlog of theirs is not what is measured. */
const settleMs = 20_000;
const measuredMs = 30_000;
/** Jobs end one by one, over so long. */
const endsOver = '10 minutes';

/** Running jobs followed by one process. */
export const jobs: Bench = {
  name: 'jobs',
  about: `following running jobs at five vendors in one process, and what orders and polls take (--rows ${usualJobs}; the target is 50_000; --only follow or doors)`,
  async run({ rows, only, say }) {
    const count = rows ?? usualJobs;
    const isChosen = (part: string) => only === null || only.includes(part);
    const measured = isChosen('follow') ? await withScratchDatabase((sql, url) => follow(sql, url, count, say)) : null;
    const doors = isChosen('doors') ? await withScratchDatabase(measureDoors) : null;
    const method = [
      `${count.toLocaleString('en')} jobs that run: 60 % at FAL and Runware, each asked once in 30 s, 30 % at Kling and AIMLAPI likewise, 10 % at Runway once in 10 s; Runware tells of 50 in one call, the others of one. They end over ${endsOver}.`,
      'The poller alone in a process, the vendor (HTTP on loopback, answers at once) in another, an embedded Postgres with the shipped settings. The lag is from the instant a look was due until what it taught was committed: so much later than its interval an end is seen.',
      'Orders and polls: the built front in a process of its own on an embedded Postgres, a FAL queue in another that takes every order at once; one connection, one call at a time, in blocks by turns. An order is two commits, one before its vendor is called and one before its caller is answered; what one takes on that database stands beside it. A poll from memory is of a job that was asked for less than half a second ago; from its row, of one that this process knows nothing of.',
    ];
    const tables = [...(measured ? [table(measured)] : []), ...(doors ? [doorTable(doors)] : [])];
    return { report: { title: 'jobs: following running jobs', method, tables }, data: { measured, doors } };
  },
};

interface Measured {
  readonly jobs: number;
  readonly pollsPerSecond: number;
  readonly cores: number;
  readonly postgresCores: number;
  readonly statementsPerSecond: number;
  readonly endsPerSecond: number;
  readonly lagMs: Figures['lagMs'];
  readonly faults: number;
}

async function follow(sql: Sql, url: string, count: number, say: (line: string) => void): Promise<Measured> {
  const vendor = await startProcess(['--import', 'tsx', fileOf('vendor')]);
  await fill(sql, count, `http://127.0.0.1:${vendor.port}`);
  say(`${count} jobs written`);
  const poller = await startProcess(['--import', 'tsx', fileOf('poller'), url]);
  try {
    await wait(settleMs);
    const processor = await processorOf(sql, 'sluice bench poller');
    const [from, postgresFrom] = [await figuresOf(poller.port), processor().postgresMs];
    await wait(measuredMs);
    const [to, postgresTo] = [await figuresOf(poller.port), processor().postgresMs];
    const ms = to.atMs - from.atMs;
    const each = (name: 'polls' | 'statements' | 'ended') => ((to[name] - from[name]) / ms) * 1000;
    return {
      ...{ jobs: count, pollsPerSecond: each('polls'), statementsPerSecond: each('statements') },
      ...{ cores: (to.cpuMs - from.cpuMs) / ms, postgresCores: (postgresTo - postgresFrom) / ms },
      ...{ endsPerSecond: each('ended'), lagMs: to.lagMs, faults: to.faults },
    };
  } finally {
    await Promise.all([poller.stop(), vendor.stop()]);
  }
}

/** As after many looks: each asked for as seldom as its vendor's pace comes to, spread over that time. */
async function fill(sql: Sql, count: number, baseUrl: string): Promise<void> {
  for (const [name, { share }] of Object.entries(vendors)) {
    const many = Math.round(count * share);
    await sql`
      insert into sluice.jobs (split, door, caller, request_id, arm, assigned, provider, adapter, key_version, base_url,
        model, provider_model, polls)
      select 'VIDEO_WEIGHTS', 'sluice', 'studio', 'r' || i, ${name}, ${name}, ${name}, ${name}, 0, ${baseUrl}, 'film', 'film', 20
      from generate_series(1, ${many}::integer) i`;
    await sql`
      update sluice.jobs j set state = 'accepted', accepted_at = now(),
        upstream_id = floor(extract(epoch from now() + random() * ${endsOver}::interval) * 1000) || '-' || j.id,
        due_at = now() + interval '1 hour'
      where j.provider = ${name}`;
    await sql`update sluice.jobs j set state = 'running', started_at = now() where j.provider = ${name}`;
  }
  await sql`vacuum analyze sluice.jobs`;
  // Writing them took its time, in which they would have become due together.
  for (const [name, { pace }] of Object.entries(vendors)) {
    await sql`update sluice.jobs j set due_at = now() + (2 + random() * ${pace.mostMs / 1000}) * interval '1 second'
      where j.provider = ${name}`;
  }
}

async function figuresOf(port: number): Promise<Figures> {
  return (await (await fetch(`http://127.0.0.1:${port}`)).json()) as Figures;
}

const fileOf = (name: string) => fileURLToPath(new URL(`./jobs/${name}.ts`, import.meta.url));

function table(measured: Measured): Table {
  const { jobs: count, pollsPerSecond, cores, postgresCores, statementsPerSecond, endsPerSecond, lagMs } = measured;
  return {
    caption: 'One process',
    head: ['jobs', 'polls/s', 'cores', 'cores of Postgres', 'statements/s', 'ends/s', 'lag p50, ms', 'lag p99, ms'],
    rows: [
      [
        ...[count, pollsPerSecond, cores, postgresCores, statementsPerSecond, endsPerSecond, lagMs.p50, lagMs.p99].map(
          figure,
        ),
      ],
    ],
  };
}

function doorTable({ took, readsPerSecond }: DoorFigures): Table {
  const beside = { order: 'order, direct', 'poll, from memory': 'look, direct', 'poll, from its row': 'look, direct' };
  return {
    caption: `One call at a time, milliseconds; a job that is polled ten times a second is read ${figure(readsPerSecond)} times a second`,
    head: ['', 'p50', 'p99', 'added p50'],
    rows: ways.map((way) => {
      const direct = (beside as Partial<Record<typeof way, typeof way>>)[way];
      const added = direct === undefined ? '' : figure(median(took[way]) - median(took[direct]));
      return [way, figure(median(took[way])), figure(quantile(took[way], 0.99)), added];
    }),
  };
}
