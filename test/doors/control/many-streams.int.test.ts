import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import { addOperator } from '@/lib/access/operators';
import { signInWithToken } from '@/lib/access/sign-in';
import { access } from '@/lib/process/web';
import { type TestApi, testApi } from '@/test/support/api';
import { type CountingProxy, startCountingProxy } from '@/test/support/counting-proxy';

let api: TestApi;
let proxy: CountingProxy;
beforeAll(async () => {
  api = await testApi({}, async (databaseUrl) => {
    proxy = await startCountingProxy(databaseUrl);
    return proxy.url;
  });
});
afterAll(async () => {
  await api.close();
  await proxy.close();
});

const seconds = 5;

/** Statements the database is sent while so many dashboards are open, and how many snapshots each of them was shown. */
async function watched(streams: number): Promise<{ statements: number; shown: readonly number[] }> {
  const sessions: string[] = [];
  for (let n = 0; n < streams / 8; n += 1) sessions.push(await sessionOf(n));
  const shown: number[] = Array.from({ length: streams }, () => 0);
  const readers = await Promise.all(
    shown.map(async (_, n) => {
      const headers = { cookie: `sluice=${sessions[Math.floor(n / 8)]}` };
      const { body } = await api.request(door, { path: '/api/stream', signedIn: false, headers });
      return (body as ReadableStream<Uint8Array>).getReader();
    }),
  );
  const reading = readers.map(async (reader, index) => {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      if (Buffer.from(part.value).includes('event: snapshot')) shown[index] = (shown[index] ?? 0) + 1;
  });
  await wait(500);
  const before = proxy.statements();
  await wait(seconds * 1000);
  const statements = proxy.statements() - before;
  await Promise.all(readers.map((reader) => reader.cancel()));
  await Promise.all(reading);
  return { statements, shown };
}

const people = new Map<string, string>();

/** A session of one of as many people as it takes: each may have a few streams open. */
async function sessionOf(n: number): Promise<string> {
  const name = `person-${Math.floor(n / 5)}`;
  const added =
    people.get(name) ??
    (await addOperator(access().identities, { name, role: 'viewer', validDays: null }, 'test')).token;
  people.set(name, added);
  return (await signInWithToken(access().identities, added)).token;
}

test('200 open streams cost the database no more than one', async () => {
  const one = await watched(1);
  const many = await watched(200);
  expect(one.statements).toBeGreaterThan(seconds);
  expect(Math.min(...many.shown)).toBeGreaterThan(0);
  // A reading more may fall into the span; two hundred times as many would be thousands.
  expect(many.statements).toBeLessThanOrEqual(one.statements * 1.5);
  console.info(`statements in ${seconds} s: ${one.statements} with 1 stream, ${many.statements} with 200`);
});
