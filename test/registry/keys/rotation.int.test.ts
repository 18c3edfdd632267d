import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type KeyStore, keyStore } from '@/lib/registry/keys/key-store';
import { retireKeys, rotateSecret, setKey } from '@/lib/registry/keys/stored-keys';
import { type TestDataPlane, type TestDataPlaneOptions, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { eventually } from '@/test/support/eventually';
import { startTcpProxy } from '@/test/support/tcp-proxy';

const secret = randomBytes(32);
const secretKey = { secret, from: 'SLUICE_SECRET_KEY' };
let database: TestDatabase;
let store: KeyStore;
let vendor: Vendor;
const planes: TestDataPlane[] = [];

interface Vendor {
  readonly url: string;
  /** Keys that it lets in. */
  readonly good: Set<string>;
  /** How often each key came. */
  readonly seen: Map<string, number>;
  readonly server: Server;
}

/** Speaks enough of FAL to make images for whoever has a good key, each in 20 ms. */
async function startVendor(): Promise<Vendor> {
  const good = new Set<string>();
  const seen = new Map<string, number>();
  const server = createServer((request, response) => {
    const key = (request.headers.authorization ?? '').replace(/^Key /, '');
    seen.set(key, (seen.get(key) ?? 0) + 1);
    const isGood = good.has(key);
    const images = [{ url: 'https://fal.media/files/a.jpg', width: 1024, height: 1024, content_type: 'image/jpeg' }];
    const body = JSON.stringify(isGood ? { images } : { detail: 'Cannot access application' });
    request.resume().once('end', () => {
      setTimeout(() => {
        response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' }).end(body);
      }, 20);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, good, seen, server };
}

beforeAll(async () => {
  database = await testDatabase();
  store = keyStore(database.sql);
  vendor = await startVendor();
});
afterEach(async () => {
  for (const plane of planes.splice(0)) await plane.close();
  await database.sql`delete from sluice.provider_keys`;
  vendor.good.clear();
  vendor.seen.clear();
});
afterAll(async () => {
  await database.close();
  vendor.server.closeAllConnections();
  await new Promise((done) => vendor.server.close(done));
});

/** A web process that calls FAL alone, with nothing simulated. */
async function start(env: Record<string, string> = {}, more: TestDataPlaneOptions = {}): Promise<TestDataPlane> {
  const plane = await testDataPlane({
    ...more,
    env: {
      ...{ DATABASE_URL: database.url, SLUICE_SECRET_KEY: secret.toString('hex'), FAL_BASE_URL: vendor.url },
      ...env,
    },
    without: ['SLUICE_SANDBOX', 'RUNWARE_API_KEY', ...(env.FAL_KEY === undefined ? ['FAL_KEY'] : [])],
  });
  planes.push(plane);
  return plane;
}

const set = (key: string, sealedBy = secretKey) => setKey(store, sealedBy, { provider: 'fal', key }, 'cli:test');
const statusOf = async (plane: TestDataPlane) => (await plane.post('/api/generate', { prompt: 'x' })).status;
/** The key that the next request is signed with. */
async function keyNow(plane: TestDataPlane): Promise<string> {
  vendor.seen.clear();
  await plane.post('/api/generate', { prompt: 'which key' });
  return [...vendor.seen.keys()].join();
}

describe('the key of a provider', () => {
  it('is rotated under load without one failed request', async () => {
    vendor.good.add('first:key-of-fal-0001').add('second:key-of-fal-0002');
    await set('first:key-of-fal-0001');
    const plane = await start();
    const failed: string[] = [];
    let made = 0;
    let isOver = false;
    const client = async () => {
      while (!isOver) {
        const answer = await plane.post('/api/generate', { prompt: 'under load' });
        const text = await answer.text();
        if (answer.status === 200) made += 1;
        else failed.push(`${answer.status} ${text.slice(0, 200)}`);
      }
    };
    const clients = Array.from({ length: 8 }, client);
    await eventually(
      () => made,
      (count) => count > 50,
      10_000,
    );
    const before = made;
    await set('second:key-of-fal-0002');
    // In use everywhere, and nothing is on its way with the old one: then the vendor may forget it.
    await eventually(
      () => vendor.seen.get('second:key-of-fal-0002') ?? 0,
      (count) => count > 20,
      15_000,
    );
    let last = -1;
    await eventually(
      () => {
        const now = vendor.seen.get('first:key-of-fal-0001') ?? 0;
        const isStill = now === last;
        last = now;
        return isStill;
      },
      (isStill) => isStill,
      15_000,
      200,
    );
    vendor.good.delete('first:key-of-fal-0001');
    await retireKeys(store, 'fal', null, 'cli:test');
    const after = made;
    await eventually(
      () => made,
      (count) => count > after + 100,
      10_000,
    );
    isOver = true;
    await Promise.all(clients);
    expect(failed).toEqual([]);
    expect(before).toBeGreaterThan(50);
  });

  it('is used at once when it is stored, and the environment serves where none is', async () => {
    vendor.good.add('env:key-of-fal-0000').add('stored:key-of-fal-0001');
    const plane = await start({ FAL_KEY: 'env:key-of-fal-0000' });
    expect(await keyNow(plane)).toBe('env:key-of-fal-0000');
    await set('stored:key-of-fal-0001');
    await eventually(
      () => keyNow(plane),
      (key) => key === 'stored:key-of-fal-0001',
      10_000,
    );
    await retireKeys(store, 'fal', 1, 'cli:test');
    await eventually(
      () => keyNow(plane),
      (key) => key === 'env:key-of-fal-0000',
      10_000,
    );
  });

  it('makes a provider that had none serve, without a restart, and without notifications within two seconds', async () => {
    const plane = await start({ SLUICE_POOLED: '1' });
    expect(await statusOf(plane)).toBe(503);
    vendor.good.add('stored:key-of-fal-0001');
    await set('stored:key-of-fal-0001');
    await eventually(
      () => statusOf(plane),
      (status) => status === 200,
      10_000,
    );
  });

  it('that cannot be read leaves the provider with that of the environment, or without one, and all else runs', async () => {
    vendor.good.add('env:key-of-fal-0000').add('stored:key-of-fal-0001');
    await set('stored:key-of-fal-0001', { secret: randomBytes(32), from: 'elsewhere' });
    const plane = await start({ FAL_KEY: 'env:key-of-fal-0000' });
    expect(await keyNow(plane)).toBe('env:key-of-fal-0000');
    const none = await start();
    expect(await statusOf(none)).toBe(503);
    const health = await (await fetch(`${none.url}/api/health`)).json();
    expect(health).toMatchObject({ providers: { fal: { ok: false, configured: false } } });
  });

  it('stays in use while its secret is changed: nothing fails before the next start', async () => {
    vendor.good.add('stored:key-of-fal-0001');
    await set('stored:key-of-fal-0001');
    const plane = await start();
    const next = randomBytes(32);
    expect(await rotateSecret(store, secret, next, 'cli:test')).toBe(1);
    const until = Date.now() + 1500;
    while (Date.now() < until) expect(await statusOf(plane)).toBe(200);
    const restarted = await start({ SLUICE_SECRET_KEY: next.toString('base64') });
    expect(await keyNow(restarted)).toBe('stored:key-of-fal-0001');
  });

  it('is known from the file after a start without the database', async () => {
    vendor.good.add('stored:key-of-fal-0001');
    await set('stored:key-of-fal-0001');
    const { hostname, port } = new URL(database.url);
    const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    const url = new URL(database.url);
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    const first = await start({ DATABASE_URL: url.toString() });
    expect(await keyNow(first)).toBe('stored:key-of-fal-0001');
    await proxy.close();
    planes.splice(0);
    await first.close({ keepFolder: true });
    const again = await start({ DATABASE_URL: url.toString() }, { folder: first.folder });
    expect(await keyNow(again)).toBe('stored:key-of-fal-0001');
  });

  it('is never sent to a simulated provider', async () => {
    await set('stored:key-of-fal-0001');
    const plane = await testDataPlane({
      env: { DATABASE_URL: database.url, SLUICE_SECRET_KEY: secret.toString('hex') },
    });
    planes.push(plane);
    expect(await statusOf(plane)).toBe(200);
  });
});
