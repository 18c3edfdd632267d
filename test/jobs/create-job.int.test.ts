import { afterEach, describe, expect, it } from 'vitest';
import { jobStore } from '@/lib/jobs/job-store';
import type { CreateEnd, NewRow } from '@/lib/jobs/order-writes';
import { leaseJobs } from '@/lib/jobs/poll/lease';
import { connect } from '@/lib/postgres/connection';
import { writeFlag } from '../gateway/splits/add-split';
import { type JobWorld, jobWorld } from './job-world';

let world: JobWorld;
interface PausedLane {
  isOpen(nowMs: number): boolean;
  pausedUntilMs: number;
}
afterEach(() => world.close());

const rows = () => world.database.sql<Record<string, unknown>[]>`select j.* from sluice.jobs j order by j.created_at`;
const events = async () => {
  await world.plane.runtime.dataPlane.events.flush();
  return world.database.sql<{ type: string; data: Record<string, unknown> }[]>`
    select a.event_type as type, a.event_data as data from analytics_logs a where a.event_type like 'split_%' order by a.id`;
};

describe('the order of a job', () => {
  it('goes to the arm that was drawn, and its row says where it lives', async () => {
    world = await jobWorld({ old: 0, new: 1 });
    const response = await world.order({ user: 'ann', width: 512, height: 512 });
    const answer = await response.json();
    expect(response.status, JSON.stringify(answer)).toBe(202);
    expect(response.headers.get('location')).toBe(`/api/jobs/${answer.id}`);
    expect(response.headers.get('x-sluice-arm')).toBe('new');
    expect(answer).toMatchObject({ status: 'queued', split: 'film', arm: 'new', provider: 'runware', error: null });
    expect(answer.request).toMatchObject({ prompt: 'a lock', width: 512 });
    expect(world.fresh.orders).toEqual([{ id: answer.id, prompt: 'a lock' }]);
    const [row] = await rows();
    expect(row).toMatchObject({
      ...{ id: answer.id, state: 'accepted', split: 'FILM_WEIGHTS', arm: 'new', assigned: 'new', pinned: false },
      ...{ provider: 'runware', adapter: 'runware', key_version: 0, base_url: world.fresh.url, caller: 'anyone' },
      ...{ upstream: { at: '/jobs' }, model: 'flux-schnell', charged: 'unknown', ended_at: null },
    });
    expect(row?.upstream_id).toMatch(/^v-/);
    expect(row?.request).toMatchObject({ price_key: 'flux-schnell 512x512' });
    expect(answer.request).not.toHaveProperty('price_key');
    expect(Number(row?.due_at) - Number(row?.accepted_at)).toBe(2000);
    expect(row?.user_hash).toMatch(/^[0-9a-f]{16}$/);
    const found = await world.ask(`/api/jobs/${answer.id}`);
    expect(found.status).toBe(200);
    expect(await found.json()).toEqual(answer);
    expect(await events()).toMatchObject([
      {
        type: 'split_route',
        data: { phase: 'create', arm: 'new', split: 'FILM_WEIGHTS', request_id: answer.request_id },
      },
    ]);
  });

  it('moves on only from what surely did not begin, and the row goes along', async () => {
    world = await jobWorld({ old: 0, new: 1 });
    world.fresh.mood = 'busy';
    const answer = await (await world.order()).json();
    expect(answer).toMatchObject({ status: 'queued', arm: 'old', provider: 'fal' });
    const [row] = await rows();
    expect(row).toMatchObject({
      arm: 'old',
      assigned: 'new',
      provider: 'fal',
      base_url: world.old.url,
      state: 'accepted',
    });
    expect([world.fresh.orders.length, world.old.orders.length]).toEqual([1, 1]);
    expect((await events()).map(({ type, data }) => [type, data.phase, data.arm, data.error_kind ?? null])).toEqual([
      ['split_route', 'create', 'new', 'provider_5xx'],
      ['split_route', 'create', 'old', null],
    ]);
  });

  it('is held and paid by the arm that took it, which is not called where a cap forbids its price', async () => {
    world = await jobWorld({ old: 0, new: 1 });
    const { sql } = world.database;
    world.fresh.mood = 'busy';
    await sql`update sluice.models m set price = jsonb_build_object('usd', case m.provider when 'fal' then 0.7 else 0.1 end)
      where m.alias = 'flux-schnell'`;
    await world.restart();
    const { id } = await (await world.order()).json();
    const entries = () => sql`select l.kind, l.arm, l.held_usd::float8 as held, l.spent_usd::float8 as spent, l.begun
      from sluice.ledger l where l.job = ${id} order by l.id`;
    expect(await entries()).toEqual([
      { kind: 'hold', arm: 'new', held: 0.1, spent: 0, begun: 1 },
      { kind: 'move', arm: 'new', held: -0.1, spent: 0, begun: -1 },
      { kind: 'move', arm: 'old', held: 0.7, spent: 0, begun: 1 },
    ]);
    // Its provider does not say what it cost.
    await sql`update sluice.jobs set state = 'completed', ended_at = now(), due_at = null, charged = 'yes' where id = ${id}`;
    expect((await entries())[3]).toEqual({ kind: 'settle', arm: 'old', held: -0.7, spent: 0.7, begun: 0 });
    await sql`update sluice.splits set quota = '{"jobs": {"spend_per_day_usd": 1.3}}' where key = 'FILM_WEIGHTS'`;
    await world.restart();
    const refused = await world.order();
    expect(refused.status).toBe(502);
    expect([world.fresh.orders.length, world.old.orders.length]).toEqual([2, 1]);
    const [, row] = await rows();
    expect(row).toMatchObject({ arm: 'new', state: 'refused', hold_usd: 0.1, error_kind: 'provider_5xx' });
    await world.plane.runtime.dataPlane.events.flush();
    const [barred] =
      await sql`select a.event_data ->> 'error' as error from analytics_logs a where a.event_type like '%local'`;
    expect(barred?.error).toContain('not called: the split film has 0.8 USD spent or held of 1.3 USD a day');
    expect(await sql`select * from sluice.ledger_faults()`).toEqual([]);
  });

  it('goes to a cheaper model of the same provider where a cap bars the first, whatever failed before', async () => {
    world = await jobWorld({ old: 0, new: 1 });
    const { sql } = world.database;
    await sql`insert into sluice.arms (split, name, provider, model) values ('FILM_WEIGHTS', 'cheap', 'fal', 'flux-dev')`;
    await writeFlag(sql, 'FILM_WEIGHTS', { old: 0, new: 0.999, cheap: 0.001 });
    await sql`update sluice.models m
      set price = jsonb_build_object('usd', case when m.provider = 'fal' and m.alias = 'flux-schnell' then 0.7 else 0.1 end)
      where m.alias in ('flux-schnell', 'flux-dev')`;
    await sql`update sluice.splits set quota = '{"jobs": {"spend_per_day_usd": 0.5}}' where key = 'FILM_WEIGHTS'`;
    await world.restart();
    await world.fresh.close();
    const answer = await (await world.order({ user: 'ann' })).json();
    expect(answer).toMatchObject({ status: 'queued', arm: 'cheap', provider: 'fal' });
    expect((await events()).map(({ type, data }) => [type, data.arm, data.error_kind ?? null])).toEqual([
      ['split_route', 'new', 'connect'],
      ['split_local', 'old', 'local'],
      ['split_route', 'cheap', null],
    ]);
  });

  it('is not sent again where no answer came, and says what it is called', async () => {
    world = await jobWorld({ old: 0, new: 1 });
    world.fresh.mood = 'hangs-up';
    const response = await world.order({}, { 'idempotency-key': 'once' });
    const answer = await response.json();
    expect(response.status).toBe(504);
    expect(response.headers.get('x-should-retry')).toBe('false');
    const [row] = await rows();
    expect(answer).toMatchObject({ code: 'job-outcome-unknown', outcome: 'unknown', job_id: row?.id });
    expect(response.headers.get('location')).toBe(`/api/jobs/${row?.id}`);
    expect(row).toMatchObject({ state: 'unknown', upstream_id: null, ended_at: null });
    expect(world.old.orders).toEqual([]);
    expect(await (await world.ask(`/api/jobs/${row?.id}`)).json()).toMatchObject({ status: 'queued' });
    expect((await events()).map(({ type, data }) => [type, data.phase, data.outcome])).toEqual([
      ['split_route', 'create', 'unknown'],
      ['split_failed', 'create', 'unknown'],
    ]);
    const again = await world.order({}, { 'idempotency-key': 'once' });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([504, 'true']);
    expect(await again.json()).toEqual(answer);
    const resender = await world.order({}, { 'idempotency-key': 'once', 'user-agent': 'ai-sdk/openai' });
    expect([resender.status, resender.headers.get('x-sluice-status')]).toEqual([424, '504']);
    expect(world.fresh.orders).toHaveLength(1);
  });

  it('is refused for good where everybody surely refused, and says so once', async () => {
    world = await jobWorld();
    world.old.mood = 'prude';
    const response = await world.order();
    expect(response.status).toBe(422);
    const [row] = await rows();
    expect(row).toMatchObject({ state: 'refused', error_kind: 'content_policy', charged: 'no', due_at: null });
    expect(row?.ended_at).not.toBeNull();
    expect(await response.json()).toMatchObject({ code: 'content-policy', job_id: row?.id });
    expect((await events()).map(({ type, data }) => [type, data.phase, data.outcome ?? null])).toEqual([
      ['split_route', 'create', null],
      ['split_failed', 'create', 'refused'],
    ]);
  });

  it('reaches nobody without a row, where a pause ends as it is looked at', async () => {
    world = await jobWorld();
    const lane = world.plane.runtime.dataPlane.lanes.get('fal') as unknown as PausedLane;
    const isOpen = lane.isOpen.bind(lane);
    lane.isOpen = (nowMs) => {
      lane.pausedUntilMs ||= nowMs + 1e-4;
      return isOpen(nowMs);
    };
    expect((await world.order()).status).toBe(503);
    expect(world.old.orders).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it('is one job by its key, however often it is sent', async () => {
    world = await jobWorld();
    const first = await world.order({}, { 'idempotency-key': 'k1' });
    const second = await world.order({}, { 'idempotency-key': 'k1' });
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([202, 202, 'true']);
    expect(await second.json()).toEqual(await first.json());
    expect(world.old.orders).toHaveLength(1);
    expect((await world.order({ prompt: 'else' }, { 'idempotency-key': 'k1' })).status).toBe(422);
  });

  it('has one row and reaches one provider once, two hundred at a time, in few commits', async () => {
    world = await jobWorld({ old: 0.5, new: 0.5 });
    const { sql } = world.database;
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => world.order({ prompt: `n ${n}` })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const written = await rows();
    expect(written).toHaveLength(200);
    expect(new Set(written.map(({ state }) => state))).toEqual(new Set(['accepted']));
    const orders = [...world.old.orders, ...world.fresh.orders];
    expect(new Set(orders.map(({ prompt }) => prompt)).size).toBe(200);
    expect(orders.map(({ id }) => id).sort()).toEqual(written.map(({ id }) => id).sort());
    expect(Math.abs(world.old.orders.length - 100)).toBeLessThanOrEqual(4);
    // What one transaction writes has one time.
    const [commits] = await sql<{ made: number; bound: number }[]>`
      select count(distinct j.created_at)::int as made, count(distinct j.accepted_at)::int as bound from sluice.jobs j`;
    expect(commits?.made).toBeLessThan(100);
    expect(commits?.bound).toBeLessThan(100);
  });

  it('is written by a login that may do no more than a web process', async () => {
    world = await jobWorld();
    const { sql } = world.database;
    const login = `web_${crypto.randomUUID().slice(0, 8)}`;
    await sql.unsafe(`create role ${login} login password 'web' in role sluice_web`);
    const url = new URL(world.database.url);
    Object.assign(url, { username: login, password: 'web' });
    const web = connect(url.href, { name: 'web', max: 2, silenceMs: null });
    try {
      const store = jobStore(web);
      const { id } = await (await world.order()).json();
      // Far ahead, so that the process that took it does not look at it meanwhile.
      await sql`update sluice.jobs set due_at = now() + interval '1 hour', leased_by = null, leased_until = null`;
      expect((await store.read(id))?.state).toBe('accepted');
      expect(await store.list({ caller: 'anyone', limit: 5, after: null, states: null })).toHaveLength(1);
      const fresh = { ...newRow, id: crypto.randomUUID() };
      expect(await store.insert(fresh)).toBeInstanceOf(Date);
      expect(await store.aim(fresh.id, { ...newRow, arm: 'new', provider: 'runware' })).toBe(true);
      expect(await store.settle({ ...newEnd, id: fresh.id })).toBe(true);
      expect(await store.settle({ ...newEnd, id: fresh.id })).toBe(false);
      const ask = { lease: 'x', most: 5, forMs: 1000, not: [], withinMs: 15_000 };
      await web.begin(async (tx) => {
        expect((await jobStore(tx as never).askCancel(id, 'anyone'))?.cancelAskedAt).not.toBeNull();
        expect((await leaseJobs(tx as never, ask)).jobs).toMatchObject([{ id }]);
      });
      expect(await store.hide(fresh.id, 'anyone')).toBe(true);
      expect(await store.read(fresh.id)).toBeNull();
    } finally {
      await web.end({ timeout: 1 });
      await sql.unsafe(`drop owned by ${login}; drop role ${login}`);
    }
  });
});

const newRow: NewRow = {
  ...{ id: '', split: 'FILM_WEIGHTS', door: 'sluice', caller: 'anyone', user_hash: null, request_id: 'r-1' },
  ...{ arm: 'old', assigned: 'old', pinned: false, stage: null, weights_version: 1, provider: 'fal', adapter: 'fal' },
  ...{ key_version: 0, base_url: 'https://fal.run', model: 'm', provider_model: 'm', request: {}, due_ms: 120_000 },
  hold_usd: null,
  ...{ remix_of: null, webhook_url: null },
};
const newEnd: CreateEnd = {
  ...{ id: '', state: 'refused', upstream_id: null, upstream: {}, attempts: [], error_kind: 'rejected', error: 'no' },
  ...{ charged: 'no', first_ms: 0, ago_ms: 0 },
};
