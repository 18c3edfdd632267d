import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as stream from '@/app/api/stream/route';
import { type TestApi, testApi } from '../support/api';
import { type CountingProxy, startCountingProxy } from '../support/counting-proxy';

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
  const shown: number[] = Array.from({ length: streams }, () => 0);
  const readers = await Promise.all(
    shown.map(async () => {
      const { body } = await api.request(stream, { path: '/api/stream' });
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

test('200 open streams cost the database no more than one', async () => {
  const one = await watched(1);
  const many = await watched(200);
  expect(one.statements).toBeGreaterThan(seconds);
  expect(Math.min(...many.shown)).toBeGreaterThan(0);
  // A reading more may fall into the span; two hundred times as many would be thousands.
  expect(many.statements).toBeLessThanOrEqual(one.statements * 1.5);
  console.info(`statements in ${seconds} s: ${one.statements} with 1 stream, ${many.statements} with 200`);
});
