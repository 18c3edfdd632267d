import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CallerStore, callerStore } from '@/lib/registry/callers/caller-store';
import { addCaller, changeCaller, type NewCaller, revokeCaller, rotateCaller } from '@/lib/registry/callers/callers';
import { type TestDataPlane, type TestDataPlaneOptions, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { eventually } from '@/test/support/eventually';
import { startTcpProxy } from '@/test/support/tcp-proxy';

let database: TestDatabase;
let store: CallerStore;
const planes: TestDataPlane[] = [];
/** It comes on a busy machine too; how soon on a quiet one is for the benches to say. */
const inTimeMs = 10_000;

beforeAll(async () => {
  database = await testDatabase();
  store = callerStore(database.sql);
});
afterEach(async () => {
  for (const plane of planes.splice(0)) await plane.close();
  await database.sql`delete from sluice.callers`;
});
afterAll(() => database.close());

async function start(options: TestDataPlaneOptions = {}): Promise<TestDataPlane> {
  const plane = await testDataPlane({ ...options, env: { DATABASE_URL: database.url, ...options.env } });
  planes.push(plane);
  return plane;
}

async function add(name: string, more: Partial<NewCaller> = {}): Promise<string> {
  const usual = { name, scopes: ['generate'], prefixes: [], ratePerMinute: null, validSeconds: null };
  return (await addCaller(store, { ...usual, ...more }, 'cli:test')).key;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const image = { prompt: 'a lighthouse' };
const statusOf = async (plane: TestDataPlane, key: string | null) =>
  (await plane.post('/api/generate', image, key === null ? {} : bearer(key))).status;
const event = (type: string, request_id: string) => ({ events: [{ event_type: type, event_data: { request_id } }] });

describe('a stored caller', () => {
  it('is known to a running process as soon as it is added, by its name, and closes the door to those without a key', async () => {
    const plane = await start();
    await eventually(
      () => plane.runtime.hearsNotifications(),
      (hears) => hears === true,
      15_000,
    );
    expect(await statusOf(plane, null)).toBe(200);
    const key = await add('shop');
    await eventually(
      () => statusOf(plane, null),
      (status) => status === 401,
      inTimeMs,
      5,
    );
    const made = await plane.post('/api/generate', image, { 'x-api-key': key, 'x-request-id': 'made-by-shop' });
    expect(made.status).toBe(200);
    expect(await statusOf(plane, `${key}x`)).toBe(401);
    const took: number[] = [];
    for (const name of ['one', 'two', 'three', 'four', 'five']) {
      const theirs = await add(name);
      const isKnown = (status: number) => status === 200;
      took.push(await eventually(() => statusOf(plane, theirs), isKnown, inTimeMs, 5));
    }
    // Sooner than it would look by itself, of which a busy machine may keep it once or twice.
    expect(took.sort((a, b) => a - b)[2]).toBeLessThan(500);
    await plane.runtime.dataPlane.events.flush();
    const rows = await database.sql`
      select a.event_type, a.event_data ->> 'caller' as caller from analytics_logs a
      where a.event_data ->> 'request_id' = 'made-by-shop' order by a.event_type`;
    expect([...rows]).toEqual([
      { event_type: 'gen_ok', caller: 'shop' },
      { event_type: 'gen_route', caller: 'shop' },
    ]);
  });

  it('stays when its key is rotated, stops when a key is revoked, and the keyless stay outside', async () => {
    const first = await add('shop');
    const plane = await start();
    const second = await rotateCaller(store, 'shop', null, 'cli:test');
    await eventually(
      () => statusOf(plane, second.key),
      (status) => status === 200,
      inTimeMs,
    );
    expect(await statusOf(plane, first)).toBe(200);
    await revokeCaller(store, 'shop', second.id - 1, 'cli:test');
    await eventually(
      () => statusOf(plane, first),
      (status) => status === 401,
      inTimeMs,
    );
    expect(await statusOf(plane, second.key)).toBe(200);
    await revokeCaller(store, 'shop', null, 'cli:test');
    await eventually(
      () => statusOf(plane, second.key),
      (status) => status === 401,
      inTimeMs,
    );
    expect(await statusOf(plane, null)).toBe(401);
  });

  it('may at once what it is changed to, and no longer what it was', async () => {
    const key = await add('shop');
    const plane = await start();
    await eventually(
      () => plane.runtime.hearsNotifications(),
      (hears) => hears === true,
      15_000,
    );
    const vouched = async () => (await plane.post('/api/events', event('feedback', 'x'), bearer(key))).status;
    expect([await statusOf(plane, key), await vouched()]).toEqual([200, 403]);
    await changeCaller(store, 'shop', { scopes: ['events', 'events:foreign'] }, 'cli:test');
    await eventually(
      () => statusOf(plane, key),
      (status) => status === 403,
      inTimeMs,
      5,
    );
    expect(await vouched()).toBe(202);
  });

  it('is followed within two seconds where no notification is heard', async () => {
    const key = await add('shop');
    const plane = await start({ env: { SLUICE_POOLED: '1' } });
    expect(await statusOf(plane, key)).toBe(200);
    await revokeCaller(store, 'shop', null, 'cli:test');
    await eventually(
      () => statusOf(plane, key),
      (status) => status === 401,
      inTimeMs,
    );
  });

  it('is let in no longer when its key has expired', async () => {
    const key = await add('shop');
    const plane = await start();
    expect(await statusOf(plane, key)).toBe(200);
    await database.sql`update sluice.caller_keys set expires_at = now() + interval '1500 ms'`;
    await eventually(
      () => statusOf(plane, key),
      (status) => status === 401,
      inTimeMs,
      50,
    );
  });

  it('stands beside the keys of the environment', async () => {
    const key = await add('shop');
    const own = 'key-of-the-environment-0123456789abcdef';
    const plane = await start({ env: { SLUICE_API_KEYS: own } });
    expect(await Promise.all([key, own, null].map((each) => statusOf(plane, each)))).toEqual([200, 200, 401]);
  });

  it('goes on while the database is away, and from the file after a start without it', async () => {
    const key = await add('shop');
    const { hostname, port } = new URL(database.url);
    const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    const url = new URL(database.url);
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    const env = { DATABASE_URL: url.toString() };
    const first = await testDataPlane({ env });
    expect(await statusOf(first, key)).toBe(200);
    await proxy.close();
    expect(await statusOf(first, key)).toBe(200);
    expect(await statusOf(first, null)).toBe(401);
    await first.close({ keepFolder: true });
    const again = await start({ env, folder: first.folder });
    expect(await statusOf(again, key)).toBe(200);
    expect(await statusOf(again, null)).toBe(401);
  });
});

describe('what a stored caller may do', () => {
  it('is what its scopes say, in the shape of each door', async () => {
    const [images, shop, scraper] = [
      await add('images'),
      await add('shop', { scopes: ['events', 'events:foreign'] }),
      await add('scraper', { scopes: ['metrics'] }),
    ];
    const plane = await start();
    expect(await statusOf(plane, images)).toBe(200);
    expect((await plane.post('/api/events', event('feedback', 'x'), bearer(images))).status).toBe(403);
    expect((await plane.post('/api/vouchers', { request_id: 'x' }, bearer(images))).status).toBe(403);
    for (const key of [shop, scraper]) {
      expect(await statusOf(plane, key)).toBe(403);
      const openai = await plane.post('/v1/images/generations', image, bearer(key));
      expect(openai.status).toBe(403);
      expect(await openai.json()).toMatchObject({
        error: { code: 'scope', message: expect.stringContaining('generate') },
      });
    }
    expect((await plane.post('/api/events', event('gen_route', 'anybodys'), bearer(shop))).status).toBe(202);
  });

  it('with images: to report on its own requests alone, and never a verdict', async () => {
    const [mine, other] = [
      await add('mine', { scopes: ['generate', 'events'] }),
      await add('other', { scopes: ['generate', 'events'] }),
    ];
    const plane = await start();
    await plane.post('/api/generate', image, { ...bearer(mine), 'x-request-id': 'made-for-mine' });
    await plane.post('/api/generate', image, { ...bearer(other), 'x-request-id': 'made-for-other' });
    const said = async (key: string, type: string, id: string) =>
      (await plane.post('/api/events', event(type, id), bearer(key))).status;
    expect(await said(mine, 'feedback', 'made-for-mine')).toBe(202);
    expect(await said(mine, 'feedback', 'made-for-other')).toBe(422);
    expect(await said(mine, 'feedback', 'made-for-nobody')).toBe(422);
    for (const verdict of ['gen_route', 'gen_ok', 'gen_failed', 'split_route', 'split_ok', 'split_failed']) {
      expect(await said(mine, verdict, 'made-for-mine')).toBe(422);
    }
    const voucher = async (key: string, id: string) =>
      (await plane.post('/api/vouchers', { request_id: id }, bearer(key))).status;
    expect(await voucher(mine, 'made-for-other')).toBe(404);
    expect(await voucher(mine, 'made-for-mine')).toBe(201);
    const old = [
      {
        event_type: 'feedback',
        event_data: { request_id: 'made-for-mine' },
        created_at: new Date(Date.now() - 120_000),
      },
    ];
    const late = await plane.post('/api/events', { events: old }, bearer(mine));
    expect(await late.text()).toContain('callers with events:backfill may report that');
  });

  it('is limited by its own rate, in which an image counts one', async () => {
    const [key, free] = [await add('shop', { ratePerMinute: 5 }), await add('free')];
    const plane = await start();
    const ask = (n: number, path = '/api/generate') => plane.post(path, { ...image, n }, bearer(key));
    expect((await ask(4)).status).toBe(200);
    const many = await ask(2);
    expect(many.status).toBe(429);
    expect(Number(many.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await many.json()).toMatchObject({
      detail: expect.stringContaining('At most 5 requests and images a minute for shop'),
    });
    const openai = await ask(1, '/v1/images/generations');
    expect(openai.status).toBe(429);
    expect(await openai.json()).toMatchObject({ error: { code: 'too_many_requests' } });
    expect(await statusOf(plane, free)).toBe(200);
  });
});
