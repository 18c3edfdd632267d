import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { startTcpProxy, type TcpProxy } from '@/test/support/tcp-proxy';

describe('a web process whose store is in trouble', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let plane: TestDataPlane;

  const write = (runware: number) => database.sql`
    insert into feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
    values ('GEN_PROVIDER_WEIGHTS', false, ${JSON.stringify({ fal: 1 - runware, runware })}, 'test', now(), now())
    on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text, updated_at = now()`;
  const routed = () => plane.runtime.dataPlane.weights.routing.weights.runware;
  const generate = (headers?: Record<string, string>) => plane.post('/api/generate', { prompt: 'x' }, headers);
  const follows = (share: number, timeout: number) => expect.poll(routed, { interval: 10, timeout }).toBe(share);
  const stored = async () =>
    (await database.sql<{ n: number }[]>`select count(*) as n from analytics_logs where event_type = 'gen_ok'`)[0]?.n;

  beforeEach(async () => {
    database = await testDatabase();
    await write(0.25);
    const url = new URL(database.url);
    proxy = await startTcpProxy({ port: Number(url.port) });
    url.host = `127.0.0.1:${proxy.port}`;
    plane = await testDataPlane({ env: { DATABASE_URL: url.toString() } });
  });
  afterEach(async () => {
    await plane.close();
    await proxy.close();
    await database.close();
  });

  it('serves on, and is current soon after the store is back (cut)', async () => {
    proxy.accept = 'reset';
    proxy.reset();
    for (let i = 0; i < 20; i += 1) expect((await generate()).status).toBe(200);
    expect(routed()).toBe(0.25);
    await write(0.5);
    proxy.accept = 'pass';
    await follows(0.5, 20_000);
    await expect.poll(stored).toBe(20);
  });

  it('serves on when the store is frozen, keyed requests after 250 ms at most', async () => {
    proxy.freezeOpen();
    proxy.accept = 'hang';
    for (let i = 0; i < 20; i += 1) expect((await generate()).status).toBe(200);
    const keyed = await generate({ 'idempotency-key': 'k' });
    expect(keyed.status).toBe(200);
    expect(keyed.headers.get('idempotency-store')).toBe('memory');
    const again = await generate({ 'idempotency-key': 'k' });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    await write(0.5);
    proxy.accept = 'pass';
    await follows(0.5, 20_000);
    await expect.poll(stored).toBe(21);
  });

  it('follows by polling when every open connection is silently dead, and hears again later', async () => {
    const hears = () => expect.poll(() => plane.runtime.hearsNotifications(), { interval: 20, timeout: 25_000 });
    await hears().toBe(true);
    // The listener's and the poll's own among them; new ones pass.
    proxy.freezeOpen();
    await write(0.5);
    await follows(0.5, 20_000);
    await hears().toBe(false);
    await hears().toBe(true);
  });

  it('follows by polling through a transaction pooler, with idempotency and events as ever', async () => {
    await plane.close();
    const DATABASE_URL = database.url;
    plane = await testDataPlane({ env: { DATABASE_URL, SLUICE_POOLED: '1' } });
    expect(plane.runtime.connections?.isPooled).toBe(true);
    await write(0.5);
    await follows(0.5, 20_000);
    await generate({ 'idempotency-key': 'k' });
    expect((await generate({ 'idempotency-key': 'k' })).headers.get('idempotency-replayed')).toBe('true');
    await plane.runtime.dataPlane.events.flush();
    expect(await stored()).toBe(1);
  });
});
