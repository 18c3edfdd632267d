import { afterEach, beforeEach, expect } from 'vitest';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { type TestRollout, testRollout } from '../support/rollout';
import { addSplit, logSplitTraffic, pastTheGuard, writeSplit } from '../support/splits';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { fault } from './fault';

const splits = ['ALPHA_WEIGHTS', 'VIDEO_WEIGHTS'];
/** What the write says of itself; its statement is prepared by the first. */
const decidedWrite = /Provider weights: 0% new/;

let world: FaultWorld;
let rollout: TestRollout;
let proxy: TcpProxy;
let release: () => void = () => {};

beforeEach(async () => {
  [world, rollout] = await Promise.all([faultWorld(), testRollout({ fal: 1, runware: 0 })]);
  const { sql } = rollout;
  for (const key of splits) {
    await addSplit(sql, { key, slug: key.toLowerCase().replace('_weights', '') });
    await writeSplit(sql, key, { old: 0.9, new: 0.1 });
    await pastTheGuard(
      sql,
      `update feature_flags set rollout_started_at = now() - interval '2 hours',
        stage_started_at = now() - interval '2 hours' where flag_key = '${key}'`,
    );
    await logSplitTraffic(sql, { split: key, arm: 'old', provider: 'fal', seconds: 720, perMinute: 60, failEvery: 0 });
    await logSplitTraffic(sql, {
      split: key,
      arm: 'new',
      provider: 'runware',
      seconds: 720,
      perMinute: 20,
      failEvery: 3,
    });
  }
});
afterEach(async () => {
  release();
  await world.close();
  await proxy.close();
  await rollout.close();
});

async function rolledBack(): Promise<string[]> {
  const rows = await rollout.sql<{ key: string }[]>`
    select f.flag_key as key from feature_flags f
    where f.flag_key = any(${splits}) and (f.flag_value_text::jsonb ->> 'new')::numeric = 0 order by 1`;
  return rows.map(({ key }) => key);
}

const events = () => rollout.sql<{ split: string; arms: string[] }[]>`
  select l.event_data ->> 'split' as split, l.event_data -> 'arms' as arms from analytics_logs l
  where l.event_type = 'rollout_rollback' order by 1`;

fault(
  'F11',
  {
    what: 'Killed between two splits of one pass',
    injected: 'two splits must be rolled back; a proxy holds the second UPDATE, then kill -9 of the watchdog',
    expected: 'the first stays rolled back; the next watchdog decides the rest, once',
  },
  async (saw) => {
    const url = new URL(rollout.database.url);
    proxy = await startTcpProxy({ port: Number(url.port) });
    url.port = String(proxy.port);
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let writes = 0;
    const second = new Promise<void>((resolve) => {
      proxy.hold = (chunk) => {
        if (!decidedWrite.test(chunk.toString('latin1'))) return null;
        writes += 1;
        if (writes < 2) return null;
        resolve();
        return held;
      };
    });
    const watchdog = await world.watchdog(url.href);
    await second;
    await watchdog.kill();
    proxy.reset();
    const [first, ...more] = await rolledBack();
    expect(more).toEqual([]);
    expect((await events()).map(({ split }) => split)).toEqual([first]);
    const ticks = await rollout.sql`select t.split, t.action from sluice.ticks t`;
    expect(ticks).toEqual([{ split: first, action: 'rollback' }]);
    expect(await rollout.sql`select from sluice.passes`).toEqual([]);

    await world.watchdog(rollout.database.url);
    await eventually(rolledBack, (done) => done.length === 2, 20_000);
    await eventually(
      () => rollout.sql`select from sluice.passes`,
      (passes) => passes.length > 0,
      20_000,
    );
    expect(await events()).toEqual(splits.map((split) => ({ split, arms: ['new'] })));
    const acted = await rollout.sql`select t.split from sluice.ticks t where t.action = 'rollback' order by 1`;
    expect(acted.map(({ split }) => split)).toEqual(splits);
    saw(`${first} before the kill, the other by the next watchdog; one event and one row each`);
  },
);
