import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { writeWeights } from '../support/rollout';
import { startTcpProxy } from '../support/tcp-proxy';
import { fault } from './fault';

let world: FaultWorld;
let database: TestDatabase;

beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 0.9, runware: 0.1 });
});
afterAll(async () => {
  await world.close();
  await database.close();
});

fault(
  'F3',
  {
    what: 'Notifications silently dead',
    injected: 'a proxy swallows both ways the bytes of the LISTEN connection, then also of each new one',
    expected: 'noticed by the heartbeat; stale for 2 s at most; heard again once connections pass',
  },
  async (saw) => {
    const url = new URL(database.url);
    const proxy = await startTcpProxy({ port: Number(url.port) });
    world.atEnd(() => proxy.close());
    url.port = String(proxy.port);
    const web = await world.web(url.href);
    await Promise.all([web.said(/pages are ready/), web.said(/notifications of the database are heard/)]);

    const followed = async (runware: number) => {
      await writeWeights(database.sql, { fal: 1 - runware, runware });
      const [row] = await database.sql<{ version: number }[]>`
        select version from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
      return eventually(web.routes, (version) => version === row?.version, 20_000);
    };
    saw(`heard: followed after ${await followed(0.2)} ms`);

    const deadAt = performance.now();
    proxy.swallow = (hello) => hello.includes('sluice listen');
    const stale: number[] = [];
    // Before it is noticed and after.
    for (let n = 1; n <= 12; n += 1) stale.push(await followed(n / 20));
    await web.said(/notifications of the database are not heard/);
    saw(`noticed after ${((performance.now() - deadAt) / 1000).toFixed(1)} s at most`);
    expect(Math.max(...stale)).toBeLessThanOrEqual(2000);
    saw(`${stale.length} writes meanwhile: slowest followed after ${Math.max(...stale)} ms`);

    const heard = () => web.output().match(/notifications of the database are heard/g)?.length ?? 0;
    const before = heard();
    proxy.swallow = null;
    saw(`heard again after ${((await eventually(heard, (n) => n > before, 20_000)) / 1000).toFixed(1)} s`);
    saw(`then followed after ${await followed(0.9)} ms`);
  },
);
