import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'undici';
import type { Sql } from '@/lib/postgres/sql';
import { buildIfStale } from '@/scripts/build/build-if-stale';
import { root } from '@/scripts/project-root';
import { eventually } from '@/test/support/eventually';
import { addVideoSplit, falFilm } from '@/test/support/video-split';
import { startWebProcess } from '@/test/support/web-process';
import { startProcess } from '../child-process';

const blocks = 25;
const callsABlock = 20;
const pollsPerSecond = 10;
const polledForMs = 10_000;

export const ways = [
  'order, direct',
  'a commit',
  'order',
  'look, direct',
  'poll, from memory',
  'poll, from its row',
] as const;
type Way = (typeof ways)[number];

export interface DoorFigures {
  /** Milliseconds of each call. */
  readonly took: Readonly<Record<Way, readonly number[]>>;
  /** Of one job that is polled ten times a second. */
  readonly readsPerSecond: number;
}

/** What an order and a poll take by the door, beside the vendor's own answers, one call at a time and in turns. */
export async function measureDoors(sql: Sql, databaseUrl: string): Promise<DoorFigures> {
  await addVideoSplit(sql, { old: 1, new: 0 });
  await buildIfStale(root, console.log);
  const queue = await startProcess(['--import', 'tsx', fileURLToPath(new URL('./queue.ts', import.meta.url))]);
  const at = `http://127.0.0.1:${queue.port}`;
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const web = await startWebProcess(root, {
    ...{ DATABASE_URL: databaseUrl, SLUICE_DATA_DIR: folder, SLUICE_RATE_GENERATE: '0' },
    ...{ FAL_KEY: 'bench-key-of-fal', FAL_BASE_URL: at, RUNWARE_API_KEY: 'bench-key-of-runware', RUNWARE_BASE_URL: at },
  });
  const [door, vendor] = [new Client(web.url), new Client(at)];
  try {
    const caller = new Calls(door, vendor);
    await eventually(
      () =>
        caller.order().then(
          () => true,
          () => false,
        ),
      Boolean,
      20_000,
      100,
    );
    const ended = await endedJobs(sql, (blocks + 1) * callsABlock);
    await sql`create table public.bench_commits (at timestamptz default now())`;
    const took = await inTurns(sql, caller, ended);
    return { took, readsPerSecond: await readsPerSecond(sql, caller, ended[0] ?? '') };
  } finally {
    await Promise.all([door.close(), vendor.close()]);
    await web.stop();
    await queue.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Calls {
  constructor(
    private readonly door: Client,
    private readonly vendor: Client,
  ) {}

  async order(): Promise<string> {
    const body = JSON.stringify({ prompt: 'a lighthouse', model: 'film', duration: 5 });
    const { id } = JSON.parse(await this.call(this.door, 'POST', '/api/jobs', 202, body)) as { id: string };
    return id;
  }

  async orderDirect(): Promise<void> {
    await this.call(this.vendor, 'POST', `/queue/${falFilm}`, 200, JSON.stringify({ prompt: 'a lighthouse' }));
  }

  async lookDirect(): Promise<void> {
    await this.call(this.vendor, 'GET', `/queue/${falFilm}/requests/${randomUUID()}/status`, 202);
  }

  async poll(id: string): Promise<void> {
    await this.call(this.door, 'GET', `/api/jobs/${id}`, 200);
  }

  private async call(to: Client, method: 'GET' | 'POST', path: string, status: number, body?: string): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const answer = await to.request({ method, path, headers, ...(body === undefined ? {} : { body }) });
    const text = await answer.body.text();
    if (answer.statusCode !== status) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
    return text;
  }
}

async function inTurns(sql: Sql, caller: Calls, ended: readonly string[]): Promise<DoorFigures['took']> {
  const took = Object.fromEntries(ways.map((way) => [way, [] as number[]])) as Record<Way, number[]>;
  const measure = async (way: Way, call: (n: number) => Promise<unknown>, isWarm: boolean) => {
    for (let n = 0; n < callsABlock; n += 1) {
      const beganAt = performance.now();
      await call(n);
      if (isWarm) took[way].push(performance.now() - beganAt);
    }
  };
  const known = await caller.order();
  for (let block = 0; block <= blocks; block += 1) {
    const isWarm = block > 0;
    await measure('order, direct', () => caller.orderDirect(), isWarm);
    await measure('a commit', () => sql`insert into public.bench_commits default values`, isWarm);
    await measure('order', () => caller.order(), isWarm);
    await measure('look, direct', () => caller.lookDirect(), isWarm);
    await caller.poll(known);
    await measure('poll, from memory', () => caller.poll(known), isWarm);
    await measure('poll, from its row', (n) => caller.poll(ended[block * callsABlock + n] ?? ''), isWarm);
  }
  return took;
}

/** Jobs of whose end no process has heard: each is read from its row when it is asked for. */
async function endedJobs(sql: Sql, count: number): Promise<readonly string[]> {
  await sql`
    insert into sluice.jobs (split, door, caller, request_id, arm, assigned, provider, adapter, key_version, base_url, model,
      provider_model)
    select 'FILM_WEIGHTS', 'sluice', j.caller, 'bench ' || i, 'old', 'old', 'fal', 'fal', 0, 'http://127.0.0.1', 'film', 'film'
    from generate_series(1, ${count}::integer) i, (select caller from sluice.jobs limit 1) j`;
  await sql`update sluice.jobs j set state = 'refused', ended_at = now(), due_at = null where j.request_id like 'bench %'`;
  const rows = await sql<{ id: string }[]>`select j.id from sluice.jobs j where j.request_id like 'bench %'`;
  return rows.map(({ id }) => id);
}

/** By the scans of the table's key: whoever follows jobs leaves one that has ended alone. */
async function readsPerSecond(sql: Sql, caller: Calls, id: string): Promise<number> {
  await sql`update sluice.jobs j set state = case j.state when 'attempting' then 'refused' when 'unknown' then 'unknown_final'
    else 'cancelled' end, ended_at = now(), due_at = null where j.ended_at is null`;
  const scans = async () => {
    // So long the statistics of a process may be on their way.
    await wait(11_000);
    const [row] = await sql<{ n: number }[]>`
      select s.idx_scan as n from pg_catalog.pg_stat_user_indexes s where s.indexrelname = 'jobs_pkey'`;
    return row?.n ?? 0;
  };
  const before = await scans();
  for (let n = 0; n < (polledForMs / 1000) * pollsPerSecond; n += 1) {
    await Promise.all([caller.poll(id), wait(1000 / pollsPerSecond)]);
  }
  return ((await scans()) - before) / (polledForMs / 1000);
}
