import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';

describe('a web process on its database', () => {
  let database: TestDatabase;
  let plane: TestDataPlane;

  const write = (weights: string) => database.sql`
    insert into feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
    values ('GEN_PROVIDER_WEIGHTS', false, ${weights}, 'test', now(), now())
    on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text, updated_at = now()`;
  const routed = () => plane.runtime.dataPlane.weights.routing.weights.runware;
  const generate = (body: object = { prompt: 'x' }, headers?: Record<string, string>) =>
    plane.post('/api/generate', body, headers);
  const flush = () => plane.runtime.dataPlane.events.flush();

  beforeEach(async () => {
    database = await testDatabase();
    await write('{"fal":0.9,"runware":0.1}');
    plane = await testDataPlane({ env: { DATABASE_URL: database.url } });
  });
  afterEach(async () => {
    await plane.close();
    await database.close();
  });

  it('follows a raw SQL write', async () => {
    expect(routed()).toBe(0.1);
    await write('{"fal":0.5,"runware":0.5}');
    await expect.poll(routed, { interval: 5 }).toBe(0.5);
    const body = await (await generate()).json();
    const [row] = await database.sql`select version from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    expect(body.weights_version).toBe(row?.version);
  });

  it('keeps the last good weights when the row is gone', async () => {
    await database.sql`delete from feature_flags`;
    await plane.runtime.dataPlane.weights.offer(null);
    expect(routed()).toBe(0.1);
    await write('{"fal":0.2,"runware":0.8}');
    await expect.poll(routed, { interval: 5 }).toBe(0.8);
  });

  it('never serves what got past the guard', async () => {
    await database.sql`alter table feature_flags disable trigger all`;
    await database.sql`update feature_flags set flag_value_text = '{"fal":7}', version = version + 1000`;
    await expect.poll(() => plane.runtime.dataPlane.weights.rejected).toBe(1);
    expect(routed()).toBe(0.1);
    const health = await (await fetch(`${plane.url}/api/health`)).json();
    expect(health.checks).toContainEqual(expect.objectContaining({ name: 'weights', ok: false }));
  });

  it('splits 1,000 requests 900 / 100 ± 2, by the plan’s own SQL', async () => {
    for (let i = 0; i < 50; i += 1) await Promise.all(Array.from({ length: 20 }, () => generate()));
    await flush();
    const rows = await database.sql<{ provider: string; request_count: number }[]>`
      select event_data->>'provider' as provider, count(*) as request_count,
             count(*) * 100.0 / sum(count(*)) over () as percentage
      from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '10 minutes'
      group by 1 order by 1`;
    expect(rows.map(({ provider }) => provider)).toEqual(['fal', 'runware']);
    expect(Math.abs((rows[0]?.request_count ?? 0) - 900)).toBeLessThanOrEqual(2);
    expect(Math.abs((rows[1]?.request_count ?? 0) - 100)).toBeLessThanOrEqual(2);
    const [ok] = await database.sql<
      { n: number }[]
    >`select count(*) as n from analytics_logs where event_type = 'gen_ok'`;
    expect(ok?.n).toBe(1000);
  });

  it('writes what the red lines read', async () => {
    await write('{"fal":0,"runware":1}');
    await expect.poll(routed, { interval: 5 }).toBe(1);
    plane.sandbox.control('runware', { failureRate: 1 });
    await generate({ prompt: 'x' }, { 'x-request-id': 'request-1' });
    await flush();
    const rows = await database.sql<{ event_type: string; event_data: Record<string, unknown> }[]>`
      select event_type, event_data from analytics_logs order by id`;
    expect(rows.map(({ event_type }) => event_type)).toEqual(['gen_route', 'gen_route', 'gen_ok']);
    expect(rows[0]?.event_data).toMatchObject({
      request_id: 'request-1',
      attempt: 1,
      provider: 'runware',
      assigned: 'runware',
      error_kind: 'provider_5xx',
      error: expect.any(String),
      latency_ms: expect.any(Number),
    });
    expect(rows[1]?.event_data).toMatchObject({ attempt: 2, provider: 'fal', assigned: 'runware', images: 1 });
    expect(rows[1]?.event_data.cost_per_image).toBeGreaterThan(0);
    expect(rows[1]?.event_data).not.toHaveProperty('error');
    expect(rows[2]?.event_data).toMatchObject({ provider: 'fal', attempts: 2 });
  });

  it('replays an idempotent answer from the store, across processes', async () => {
    const first = await generate({ prompt: 'x' }, { 'idempotency-key': 'k' });
    const other = await testDataPlane({ env: { DATABASE_URL: database.url } });
    const again = await other.post('/api/generate', { prompt: 'x' }, { 'idempotency-key': 'k' });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('idempotency-store')).toBeNull();
    expect(await again.json()).toEqual(await first.json());
    await other.close();
  });

  it('submits nothing again that a dead process may have submitted', async () => {
    await generate({ prompt: 'x' }, { 'idempotency-key': 'k' });
    await database.sql`update sluice.idempotency set state = 'running', status = null, response = null,
      created_at = now() - interval '1 hour'`;
    const other = await testDataPlane({ env: { DATABASE_URL: database.url } });
    const again = await other.post('/api/generate', { prompt: 'x' }, { 'idempotency-key': 'k' });
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: 'outcome-unknown', outcome: 'unknown' });
    expect(other.sandbox.counters('fal').inference ?? 0).toBe(0);
    await other.close();
  });

  it('issues a voucher for what it served, and for what another process served', async () => {
    await generate({ prompt: 'x' }, { 'x-request-id': 'served-0001' });
    await flush();
    const other = await testDataPlane({ env: { DATABASE_URL: database.url } });
    const issue = (by: TestDataPlane, request_id: string) => by.post('/api/vouchers', { request_id });
    expect((await issue(other, 'served-0001')).status).toBe(201);
    expect((await issue(other, 'served-0001')).status).toBe(200);
    expect((await issue(other, 'never-served')).status).toBe(404);
    await other.close();
    const [row] = await database.sql`select event_data from analytics_logs where event_type = 'voucher_issued'`;
    expect(row?.event_data).toMatchObject({
      reason: 'regenerate',
      request_id: 'served-0001',
      provider: expect.any(String),
    });
  });

  it('routes by the last run’s weights when the store is away at the start', async () => {
    const { folder } = plane;
    await expect.poll(routed).toBe(0.1);
    await write('{"fal":0.3,"runware":0.7}');
    await expect.poll(routed, { interval: 5 }).toBe(0.7);
    await new Promise((resolve) => setImmediate(resolve));
    await plane.close({ keepFolder: true });
    await database.sql`alter table feature_flags rename to feature_flags_away`;
    plane = await testDataPlane({ env: { DATABASE_URL: database.url }, folder });
    expect(plane.runtime.dataPlane.weights.routing).toMatchObject({ source: 'file', weights: { runware: 0.7 } });
    expect((await fetch(`${plane.url}/api/health/ready`)).status).toBe(200);
    expect((await generate()).status).toBe(200);
  });

  it('spools events while the store refuses them, and stores each once', async () => {
    await database.sql`alter table analytics_logs rename to analytics_logs_away`;
    for (let i = 0; i < 5; i += 1) await generate();
    await flush();
    expect(plane.runtime.dataPlane.events.spooled().events).toBe(10);
    await database.sql`alter table analytics_logs_away rename to analytics_logs`;
    await expect.poll(() => plane.runtime.dataPlane.events.stored).toBe(10);
    await expect.poll(() => plane.runtime.dataPlane.events.spooled().events).toBe(0);
    const [row] = await database.sql<{ n: number }[]>`select count(*) as n from analytics_logs`;
    expect(row?.n).toBe(10);
  });
});
