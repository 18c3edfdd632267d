import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { writeWeights } from '../support/rollout';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { fault, type Saw } from './fault';

let world: FaultWorld;
let database: TestDatabase;
let proxy: TcpProxy;
let url: string;
let dataDir: string;

beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 0.5, runware: 0.5 });
  const through = new URL(database.url);
  proxy = await startTcpProxy({ port: Number(through.port) });
  through.port = String(proxy.port);
  url = through.href;
  dataDir = world.folder();
  const before = await world.web(url, { dataDir });
  await eventually(before.routes, (version) => version !== null, 20_000);
  await before.stop();
});
afterAll(async () => {
  await world.close();
  await proxy.close();
  await database.close();
});

const expected = 'serves from the last-good file, else baseline; ready, degraded; never blocks';

async function start(folder: string, source: 'file' | 'default', saw: Saw): Promise<void> {
  const startedAt = performance.now();
  const web = await world.web(url, { dataDir: folder });
  const listeningMs = performance.now() - startedAt;
  const shares: Record<string, number> = {};
  let slowestMs = 0;
  for (let n = 0; n < 100; n += 1) {
    const { status, body, ms } = await web.call('POST', '/api/generate', { body: { prompt: 'x' } });
    expect(status).toBe(200);
    shares[String(body.provider)] = (shares[String(body.provider)] ?? 0) + 1;
    slowestMs = Math.max(slowestMs, ms);
  }
  expect(shares.runware ?? 0).toBeGreaterThanOrEqual(source === 'file' ? 48 : 0);
  expect(shares.runware ?? 0).toBeLessThanOrEqual(source === 'file' ? 52 : 0);
  const ready = await web.call('GET', '/api/health/ready');
  expect(ready).toMatchObject({ status: 200, body: { ready: true, status: 'degraded', weights: { source } } });
  saw(
    `listening after ${(listeningMs / 1000).toFixed(1)} s, 100 of 100 served (${shares.fal}:${shares.runware ?? 0}), slowest ${slowestMs} ms, ready, degraded`,
  );
  const refused = await web.call('GET', '/api/rollout');
  expect(refused.body).toMatchObject({ status: 503, code: 'store-unavailable' });
  proxy.accept = 'pass';
  saw(`store back: followed after ${await eventually(web.routes, (version) => version !== null, 20_000)} ms`);
  await web.stop();
}

fault(
  'F7',
  { what: 'Cold start with the store down', injected: 'connections refused; a file of the last run', expected },
  async (saw) => {
    proxy.accept = 'reset';
    await start(dataDir, 'file', saw);
  },
);

fault(
  'F7',
  { what: 'Cold start with the store down', injected: 'accepts and answers nothing; a file of the last run', expected },
  async (saw) => {
    proxy.accept = 'hang';
    await start(dataDir, 'file', saw);
  },
);

fault(
  'F7',
  { what: 'Cold start with the store down', injected: 'accepts and answers nothing; no file', expected },
  async (saw) => {
    proxy.accept = 'hang';
    await start(world.folder(), 'default', saw);
  },
);
