import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { falMessage } from '@/lib/jobs/webhooks/fal-signature';
import { type TestDataPlane, testDataPlane } from '../../support/data-plane';
import { type TestDatabase, testDatabase } from '../../support/database';
import { eventually } from '../../support/eventually';
import { jobRow, readJob } from '../../support/polled-jobs';

const pair = generateKeyPairSync('ed25519');
let asked = 0;
const keys = createServer((_, response) => {
  asked += 1;
  response.end(JSON.stringify({ keys: [{ kty: 'RSA' }, pair.publicKey.export({ format: 'jwk' })] }));
});
let database: TestDatabase;
let plane: TestDataPlane;

beforeAll(async () => {
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  database = await testDatabase();
  const url = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json`;
  plane = await testDataPlane({
    env: { DATABASE_URL: database.url, FAL_JWKS_URL: url, SLUICE_PUBLIC_URL: 'https://sluice.test' },
  });
  const address = () => plane.runtime.jobs?.webhookUrl('fal', 'x') ?? null;
  await eventually(address, (known) => known !== null, 10_000);
});
afterAll(async () => {
  await plane?.close();
  await database.close();
  keys.close();
});

/** Far ahead, so that no poller meddles. */
const job = (provider: string) =>
  jobRow(database.sql, 'http://127.0.0.1:1', { provider, adapter: provider, key_version: 9, dueInMs: 3_600_000 });
const dueInMs = async (id: string) => ((await readJob(database.sql, id)).due_at?.getTime() ?? 0) - Date.now();

/** As the vendor calls the address that it was told. */
function post(provider: string, id: string, headers: Record<string, string> = {}, token?: string) {
  const told = new URL(plane.runtime.jobs?.webhookUrl(provider, id) ?? '');
  if (token !== undefined) told.searchParams.set('token', token);
  return fetch(`${plane.url}${told.pathname}${told.search}`, { method: 'POST', body: '{"status":"OK"}', headers });
}

function falHeaders(key: KeyObject, seconds = Math.floor(Date.now() / 1000)): Record<string, string> {
  const message = falMessage('r1', 'u1', String(seconds), Buffer.from('{"status":"OK"}'));
  return {
    'x-fal-webhook-request-id': 'r1',
    'x-fal-webhook-user-id': 'u1',
    'x-fal-webhook-timestamp': String(seconds),
    'x-fal-webhook-signature': sign(null, message, key).toString('hex'),
  };
}

test('the address is told with a token of the job alone, by the store’s secret', async () => {
  const id = await job('runware');
  const [row] = await database.sql<{ secret: Uint8Array }[]>`select w.secret from sluice.webhook_secret w`;
  const token = createHmac('sha256', row?.secret ?? '')
    .update(`runware/${id}`)
    .digest('base64url');
  expect(plane.runtime.jobs?.webhookUrl('runware', id)).toBe(
    `https://sluice.test/api/jobs/webhooks/runware/${id}?token=${token}`,
  );
});

test('news with the token only moves the time of the next look; without it they are refused', async () => {
  const [id, other] = [await job('runware'), await job('runware')];
  expect((await post('runware', id, {}, 'made-up')).status).toBe(401);
  const strange = new URL(plane.runtime.jobs?.webhookUrl('runware', other) ?? '').searchParams.get('token') ?? '';
  expect((await post('runware', id, {}, strange)).status).toBe(401);
  expect(await dueInMs(id)).toBeGreaterThan(3_000_000);
  expect((await post('runware', id)).status).toBe(204);
  expect(await dueInMs(id)).toBeLessThan(60_000);
  expect(await readJob(database.sql, id)).toMatchObject({ state: 'accepted', ended_at: null });
  expect(await dueInMs(other)).toBeGreaterThan(3_000_000);
});

test('FAL’s news count with its signature alone', async () => {
  const id = await job('fal');
  const refused = () => plane.runtime.jobCounts.webhooks.get('fal', 'refused');
  const before = refused();
  const stranger = generateKeyPairSync('ed25519').privateKey;
  expect((await post('fal', id)).status).toBe(401);
  expect((await post('fal', id, falHeaders(stranger))).status).toBe(401);
  expect((await post('fal', id, falHeaders(pair.privateKey, Math.floor(Date.now() / 1000) - 400))).status).toBe(401);
  expect(refused()).toBe(before + 3);
  expect(await dueInMs(id)).toBeGreaterThan(3_000_000);
  expect((await post('fal', id, falHeaders(pair.privateKey))).status).toBe(204);
  expect(await dueInMs(id)).toBeLessThan(60_000);
  // Its keys were read once, however many strangers knocked.
  expect(asked).toBe(1);
});

test('a create that is under way is not hurried', async () => {
  const id = await jobRow(database.sql, 'http://127.0.0.1:1', {
    provider: 'runware',
    adapter: 'runware',
    state: 'attempting',
    dueInMs: 90_000,
  });
  expect((await post('runware', id)).status).toBe(204);
  expect(await dueInMs(id)).toBeGreaterThan(30_000);
  expect((await readJob(database.sql, id)).state).toBe('attempting');
});
