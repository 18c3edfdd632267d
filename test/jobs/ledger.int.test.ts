import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDatabaseFacts } from '@/lib/doctor/diagnosis-store';
import { checkLedger } from '@/lib/doctor/jobs/check-ledger';
import { isEnd, type JobState, jobStates, mayStep } from '@/lib/jobs/job-state';
import { jobStore } from '@/lib/jobs/job-store';
import type { CreateEnd, NewRow } from '@/lib/jobs/order-writes';
import { type Settlement, settleJobs } from '@/lib/jobs/poll/settle';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** Repeats itself from its seed. */
function chooser(seed: number) {
  let state = seed;
  const below = (end: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
  return <T>(values: readonly T[]): T => values[below(values.length)] as T;
}
const among = chooser(11);

const plain = {
  ...({ door: 'sluice', user_hash: null, request_id: 'r', assigned: 'kling', pinned: false, stage: null } as const),
  ...{ weights_version: null, model: 'film', request: {}, remix_of: null, webhook_url: null, due_ms: 60_000 },
  ...{ arm: 'kling', provider: 'fal', adapter: 'fal', key_version: 0, base_url: 'http://x', provider_model: 'film' },
};
const newRow = (change: Partial<NewRow> = {}): NewRow => ({
  ...{ ...plain, id: randomUUID(), caller: 'ann', split: 'FILM_WEIGHTS', hold_usd: 0.35 },
  ...change,
});
const charges = ['yes', 'no', 'unknown'] as const;

interface Expected {
  row: NewRow;
  state: JobState;
  spent: number;
  moves: number;
}

/** What the ledger should hold of a job that ends so. */
function end(job: Expected, state: JobState, charged: (typeof charges)[number], cost: number | null): void {
  job.state = state;
  if (isEnd(state)) job.spent = charged === 'no' ? 0 : (cost ?? job.row.hold_usd ?? 0);
}

async function createEnds(jobs: readonly Expected[]): Promise<void> {
  const { settle } = jobStore(database.sql);
  await Promise.all(
    jobs.map(async (job) => {
      const state = among(['accepted', 'refused', 'unknown'] as const);
      const charged = state === 'refused' ? among(['no', 'unknown'] as const) : 'unknown';
      const upstream_id = state === 'accepted' ? job.row.id : null;
      const rest = { upstream: {}, attempts: [], error_kind: null, error: null, first_ms: 0, ago_ms: 0 };
      const said: CreateEnd = { id: job.row.id, state, charged, upstream_id, ...rest };
      const isNews = mayStep(job.state, state);
      expect([await settle(said), await settle(said)]).toEqual([isNews, false]);
      if (isNews) end(job, state, charged, null);
    }),
  );
}

/** Some go on to another arm, at its price; of what has ended or was accepted nothing moves. */
async function failovers(jobs: readonly Expected[]): Promise<void> {
  const { aim } = jobStore(database.sql);
  for (const job of jobs) {
    const { id: _, ...aimed } = {
      ...job.row,
      arm: 'seedance',
      provider: 'runware',
      hold_usd: among([null, 0.35, 2.5]),
    };
    const isOpen = job.state === 'attempting';
    expect(await aim(job.row.id, aimed)).toBe(isOpen);
    // Where it stays as it was, nothing moves.
    const isMoved = job.row.arm !== aimed.arm || job.row.hold_usd !== aimed.hold_usd;
    if (isOpen && isMoved) job.moves += 1;
    if (isOpen) job.row = { ...job.row, ...aimed };
  }
}

/** A round of looks: of some the lease is another's, and everything is written twice. */
async function looks(jobs: readonly Expected[]): Promise<void> {
  const { sql } = database;
  await sql`update sluice.jobs set leased_by = 'mine' where ended_at is null`;
  const seen = jobs.flatMap((job) => {
    const next = jobStates.filter((state) => mayStep(job.state, state) && state !== 'refused');
    if (next.length === 0) return [];
    const state = among([...next, job.state]);
    // Only an end says what was paid.
    const charged = !isEnd(state) ? undefined : state === 'completed' ? 'yes' : among([...charges, undefined]);
    const cost_usd = isEnd(state) ? among([undefined, 0.25, 0.5]) : undefined;
    const lease = among(['mine', 'mine', 'mine', 'another']);
    const due = { due_was: 0, due_ms: isEnd(state) ? null : 1000, misses: 0, blocked: null };
    const said: Settlement = {
      ...{
        id: job.row.id,
        lease,
        provider: job.row.provider,
        was: job.state,
        state,
        looked: true,
        knew_cancel: false,
        ...due,
      },
      ...{ charged, cost_usd, cost_basis: 'billed' },
      ...(state === 'accepted' ? { upstream_id: job.row.id } : {}),
    };
    return [{ job, said, isMine: lease === 'mine' && state !== job.state }];
  });
  const said = seen.map((each) => each.said);
  await settleJobs(sql, said, 5000);
  expect(await settleJobs(sql, said, 5000)).toEqual([]);
  for (const { job, said: news, isMine } of seen) {
    if (isMine) end(job, news.state, news.charged ?? 'unknown', news.cost_usd ?? null);
  }
}

it('gives back what it held, once, whatever becomes of the jobs, and adds up by caller, by split and by day', async () => {
  const { sql } = database;
  const { insert } = jobStore(sql);
  const jobs: Expected[] = [];
  for (let round = 0; round < 12; round += 1) {
    const rows = Array.from({ length: 10 }, () =>
      newRow({
        caller: among(['ann', 'ben', 'cy']),
        split: among(['FILM_WEIGHTS', 'CLIP_WEIGHTS']),
        hold_usd: among([null, 0, 0.35, 1.05]),
      }),
    );
    await Promise.all(rows.map((row) => insert(row)));
    jobs.push(...rows.map((row) => ({ row, state: 'attempting' as JobState, spent: 0, moves: 0 })));
    await failovers(jobs.filter(() => among([true, false, false])));
    await createEnds(jobs.filter(({ state }) => state === 'attempting' && among([true, false])));
    await looks(jobs.filter(({ state }) => !isEnd(state)));
    const found = await sql<{ job: string; entries: number; held: string; spent: string }[]>`
      select l.job, count(*)::int as entries, sum(l.held_usd)::text as held, sum(l.spent_usd)::text as spent
      from sluice.ledger l group by 1`;
    const byJob = new Map(found.map(({ job, ...rest }) => [job, rest]));
    for (const { row, state, spent, moves } of jobs) {
      const { entries = 0, held, spent: written } = byJob.get(row.id) ?? {};
      const told = [row.id, state, entries, Number(held), Number(written)];
      expect(told).toEqual([
        row.id,
        state,
        (isEnd(state) ? 2 : 1) + 2 * moves,
        isEnd(state) ? 0 : (row.hold_usd ?? 0),
        spent,
      ]);
    }
  }
  expect(new Set(jobs.map(({ state }) => state)).size).toBe(jobStates.length);
  const total = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0).toFixed(6);
  const sums = await sql<{ by: string; held: string; spent: string }[]>`
    select case when grouping(l.caller) = 0 then 'caller' when grouping(l.split) = 0 then 'split' else 'day' end as by,
      sum(l.held_usd)::text as held, sum(l.spent_usd)::text as spent
    from sluice.ledger l group by grouping sets ((l.caller), (l.split), (l.day))`;
  // What is held stands at the arm where the job is, and each arm adds up by itself.
  const arms = await sql<{ arm: string; held: string; begun: number }[]>`
    select l.arm, sum(l.held_usd)::text as held, sum(l.begun)::int as begun from sluice.ledger l group by 1`;
  for (const { arm, held, begun } of arms) {
    const there = jobs.filter(({ row }) => row.arm === arm);
    const [{ refused = 0 } = {}] = await sql<{ refused: number }[]>`select count(*)::int as refused from sluice.jobs j
      where j.arm = ${arm} and j.state = 'refused' and j.charged = 'no'`;
    const holds = there.map(({ row, state }) => (isEnd(state) ? 0 : (row.hold_usd ?? 0)));
    expect([arm, Number(held), begun]).toEqual([arm, Number(total(holds)), there.length - refused]);
  }
  expect(arms).toHaveLength(2);
  const open = total(jobs.map(({ row, state }) => (isEnd(state) ? 0 : (row.hold_usd ?? 0))));
  const spent = total(jobs.map((job) => job.spent));
  for (const by of ['caller', 'split', 'day']) {
    const rows = sums.filter((row) => row.by === by);
    const [held, paid] = [total(rows.map((row) => Number(row.held))), total(rows.map((row) => Number(row.spent)))];
    expect([by, held, paid]).toEqual([by, open, spent]);
  }
  expect(await sql`select * from sluice.ledger_faults()`).toEqual([]);
});

it('gives back what the arm holds that it ended at, also where it moved there in the same statement', async () => {
  const { sql } = database;
  const row = newRow({ caller: 'dee' });
  await jobStore(sql).insert(row);
  await sql`update sluice.jobs set arm = 'seedance', provider = 'runware', hold_usd = 2.5, state = 'refused', charged = 'no',
    ended_at = now(), due_at = null where id = ${row.id}`;
  const sums = await sql`select l.arm, sum(l.held_usd)::float8 as held, sum(l.spent_usd)::float8 as spent
    from sluice.ledger l where l.job = ${row.id} group by 1 order by 1`;
  expect(sums).toEqual(['kling', 'seedance'].map((arm) => ({ arm, held: 0, spent: 0 })));
});

it('holds nothing of a job that was not committed, and settles nothing of an end that was not', async () => {
  const { sql } = database;
  const row = newRow();
  const entries = () => sql`select l.kind, l.charged from sluice.ledger l where l.job = ${row.id} order by l.id`;
  const died = new Error('the process died');
  const dying = sql.begin(async (tx) => {
    await jobStore(tx as never).insert(row);
    throw died;
  });
  await expect(dying).rejects.toBe(died);
  expect(await entries()).toEqual([]);
  await jobStore(sql).insert(row);
  await sql`update sluice.jobs set state = 'unknown', leased_by = 'mine' where id = ${row.id}`;
  const gone: Settlement = {
    ...{
      id: row.id,
      lease: 'mine',
      provider: row.provider,
      was: 'unknown',
      state: 'unknown_final',
      due_was: 0,
      due_ms: null,
    },
    ...{ looked: true, knew_cancel: false, misses: 0, blocked: null },
  };
  const settling = sql.begin(async (tx) => {
    expect(await tx`select * from sluice.settle_jobs(${JSON.stringify([gone])}::text::jsonb)`).toHaveLength(1);
    expect(await tx`select from sluice.ledger l where l.job = ${row.id}`).toHaveLength(2);
    await tx`select pg_terminate_backend(pg_backend_pid())`;
  });
  await expect(settling).rejects.toThrow(/terminat|CONNECTION/);
  expect(await entries()).toEqual([{ kind: 'hold', charged: 'unknown' }]);
  await settleJobs(sql, [gone], 5000);
  expect(await entries()).toEqual([
    { kind: 'hold', charged: 'unknown' },
    { kind: 'settle', charged: 'unknown' },
  ]);
});

it('is only ever added to, by nobody but the jobs, and says where it does not add up', async () => {
  const { sql } = database;
  const row = newRow();
  await jobStore(sql).insert(row);
  await expect(sql`update sluice.ledger set spent_usd = 1`).rejects.toThrow('append-only');
  await expect(sql`delete from sluice.ledger`).rejects.toThrow('append-only');
  await expect(sql`truncate sluice.ledger`).rejects.toThrow('append-only');
  const twice = sql`insert into sluice.ledger (job, kind, day, caller, split, arm, provider, held_usd, begun)
    select l.job, l.kind, l.day, l.caller, l.split, l.arm, l.provider, l.held_usd, l.begun from sluice.ledger l
    where l.job = ${row.id}`;
  await expect(twice).rejects.toThrow('ledger_once');
  await sql.begin(async (tx) => {
    await tx`alter table sluice.jobs disable trigger end_hold`;
    await tx`update sluice.jobs set state = 'refused', ended_at = now(), due_at = null where id = ${row.id}`;
    await tx`alter table sluice.jobs enable always trigger end_hold`;
  });
  const faults = await sql`select * from sluice.ledger_faults()`;
  expect(faults).toEqual([
    { job: row.id, caller: 'ann', fault: 'its job has ended as refused, and its hold was never settled' },
  ]);
  const facts = await readDatabaseFacts(sql, 'GEN_PROVIDER_WEIGHTS');
  expect(facts.rollout && checkLedger(facts.rollout)).toMatchObject({
    status: 'problem',
    what: expect.stringContaining(row.id),
  });
});
