import { fileURLToPath } from 'node:url';
import type { Sql } from '@/lib/postgres/sql';
import { startProcess } from './child-process';
import { startSluice } from './gateway/sluice';
import { resident, send } from './memory';
import { startFleet } from './propagation/fleet';
import { measureWrites, writeWeights } from './propagation/writes';
import { withScratchDatabase } from './scratch-database';
import { addSplits } from './splits';
import { quantile } from './statistics';

const mock = fileURLToPath(new URL('./gateway/mock-upstream.ts', import.meta.url));
const requests = 2000;
const writes = 200;

export interface FollowRow {
  readonly splits: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly mostMs: number;
}

export interface MemoryRow {
  readonly splits: number;
  readonly megabytes: number;
}

/** From the commit of weights until the next request of a process that knows so many splits is routed by them. */
export async function followTimes(splits: number): Promise<FollowRow> {
  return withWeb(splits, async ({ sql, env }) => {
    const fleet = await startFleet(1, env);
    try {
      const { fromCommit } = await measureWrites(sql, fleet, writes);
      const at = (share: number) => quantile(fromCommit, share);
      return { splits, medianMs: at(0.5), p99Ms: at(0.99), mostMs: Math.max(...fromCommit) };
    } finally {
      await fleet.stop();
    }
  });
}

/** What a whole web process holds, Next in it, after the same requests; each begins on a database of its own. */
export async function webMemory(splits: number): Promise<MemoryRow> {
  return withWeb(splits, async ({ sql, url, origin }) => {
    const web = await startSluice({ sql, databaseUrl: url, upstream: origin });
    try {
      await send(web.url, requests);
      return { splits, megabytes: await resident(web.pid) };
    } finally {
      await web.stop();
    }
  });
}

interface Web {
  readonly sql: Sql;
  readonly url: string;
  readonly origin: string;
  readonly env: Readonly<Record<string, string>>;
}

async function withWeb<T>(splits: number, work: (web: Web) => Promise<T>): Promise<T> {
  return withScratchDatabase(async (sql, url) => {
    await writeWeights(sql, { fal: 0.9, runware: 0.1 });
    await addSplits(sql, 1, splits);
    const upstream = await startProcess(['--import', 'tsx', mock]);
    const origin = `http://127.0.0.1:${upstream.port}`;
    const fal = { FAL_KEY: 'bench-key-of-fal', FAL_BASE_URL: origin };
    const runware = { RUNWARE_API_KEY: 'bench-key-of-runware', RUNWARE_BASE_URL: origin };
    try {
      return await work({ sql, url, origin, env: { DATABASE_URL: url, ...fal, ...runware } });
    } finally {
      await upstream.stop();
    }
  });
}
