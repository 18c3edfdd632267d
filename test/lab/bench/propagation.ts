import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sql } from '@/lib/postgres/sql';
import { buildIfStale } from '@/scripts/build/build-if-stale';
import { startBundle } from '@/test/support/bundle-process';
import type { Bench, BenchOptions } from './bench';
import { startProcess } from './child-process';
import { type Fleet, startFleet } from './propagation/fleet';
import { measureHold, shortenHold } from './propagation/hold';
import { measureWrites, type Spread, writeWeights } from './propagation/writes';
import { figure, type Report } from './report';
import { withScratchDatabase } from './scratch-database';
import { median, quantile } from './statistics';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const mock = fileURLToPath(new URL('./gateway/mock-upstream.ts', import.meta.url));
const size = 10;
const defaultWrites = 200;
const holds = 3;

interface Found {
  readonly heard: Spread;
  readonly deaf: Spread;
  readonly holdSeconds: readonly number[];
}

/** A write to the weights until ten processes route by it, with and without notifications, and a rollback by the rule. */
export const propagation: Bench = {
  name: 'propagation',
  about: 'raw SQL → the last of 10 instances, with and without notifications; end of hold → all rerouted',
  run: (options) => withScratchDatabase((sql, url) => measure(options, sql, url)),
};

async function measure({ requests, say }: BenchOptions, sql: Sql, databaseUrl: string) {
  const writes = requests ?? defaultWrites;
  await writeWeights(sql, { fal: 0.9, runware: 0.1 });
  const upstream = await startProcess(['--import', 'tsx', mock]);
  const origin = `http://127.0.0.1:${upstream.port}`;
  const env = {
    DATABASE_URL: databaseUrl,
    ...{ FAL_KEY: 'bench-key-of-fal', FAL_BASE_URL: origin, RUNWARE_API_KEY: 'bench-key-of-runware' },
    RUNWARE_BASE_URL: origin,
  };
  try {
    const heard = await withFleet(env, async (fleet) => {
      say(`${size} instances listen`);
      const spread = await measureWrites(sql, fleet, writes);
      return { spread, holdSeconds: await measureHolds(sql, databaseUrl, fleet, say) };
    });
    const deaf = await withFleet({ ...env, SLUICE_POOLED: '1' }, (fleet) =>
      measureWrites(sql, fleet, Math.ceil(writes / 5)),
    );
    const found: Found = { heard: heard.spread, deaf, holdSeconds: heard.holdSeconds };
    return { report: reportOf(found), data: found };
  } finally {
    await upstream.stop();
  }
}

async function withFleet<T>(env: Record<string, string>, work: (fleet: Fleet) => Promise<T>): Promise<T> {
  const fleet = await startFleet(size, env);
  try {
    return await work(fleet);
  } finally {
    await fleet.stop();
  }
}

async function measureHolds(sql: Sql, databaseUrl: string, fleet: Fleet, say: BenchOptions['say']): Promise<number[]> {
  await buildIfStale(root, say);
  await shortenHold(sql);
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const watchdog = await startBundle(root, 'watchdog', {
    env: { DATABASE_URL: databaseUrl, SLUICE_DATA_DIR: dataDir },
  });
  try {
    const seconds: number[] = [];
    for (let i = 0; i < holds; i++) {
      seconds.push(await measureHold(sql, fleet));
      say(`hold ${i + 1}: rerouted after ${figure(seconds.at(-1) ?? 0)} s`);
    }
    return seconds;
  } finally {
    await watchdog.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function reportOf({ heard, deaf, holdSeconds }: Found): Report {
  const row = (what: string, ms: readonly number[]) => {
    return [what, ms.length, figure(median(ms)), figure(quantile(ms, 0.99)), figure(Math.max(...ms))];
  };
  return {
    title: 'propagation: from a commit to the last instance',
    method: [
      `${size} instances, each a process with the runtime of a web process on one Postgres; all processes of one machine, on its clock. Weights are written by raw SQL at random moments; an instance counts from the moment its next request is routed by that version.`,
      'Without notifications: the instances cannot LISTEN, as behind a transaction pooler, and poll.',
      'End of hold: a real watchdog ticking every 10 s, a failure line with a window and a hold of 10 s; from the instant of the ten-second grid at which the rule first calls the line held until the last instance routes by the rollback.',
    ],
    tables: [
      {
        caption: 'Milliseconds to the last of the instances',
        head: ['', 'writes', 'p50', 'p99', 'most'],
        rows: [
          row('from the commit', heard.fromCommit),
          row('from sending the statement', heard.fromStatement),
          row('without notifications, from the commit', deaf.fromCommit),
        ],
      },
      {
        caption: 'End of hold to the last instance, seconds',
        head: ['', ...holdSeconds.map((_, i) => `trial ${i + 1}`), 'median'],
        rows: [['rollback by the watchdog', ...holdSeconds.map(figure), figure(median(holdSeconds))]],
      },
    ],
  };
}
