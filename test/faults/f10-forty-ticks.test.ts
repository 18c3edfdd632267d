import { afterAll, beforeAll, expect } from 'vitest';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { backdate, journalFaults, logTraffic, type TestRollout, testRollout } from '../support/rollout';
import { fault } from './fault';

let world: FaultWorld;
let rollout: TestRollout;

beforeAll(async () => {
  [world, rollout] = await Promise.all([faultWorld(), testRollout()]);
  await backdate(rollout.sql, 4400);
  await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 720 });
  await logTraffic(rollout.sql, { fromSecondsAgo: 720, perMinute: 20, failEvery: 3 });
});
afterAll(async () => {
  await world.close();
  await rollout.close();
});

fault(
  'F10',
  {
    what: '40 ticks at once',
    injected: '36 calls of /api/cron/watchdog at 3 web processes, and 4 watchdog processes, in one moment',
    expected: 'exactly one decides a slot; one journal row; the others say skipped',
  },
  async (saw) => {
    const { url } = rollout.database;
    const webs = await Promise.all([world.web(url), world.web(url), world.web(url)]);
    await Promise.all(webs.map((web) => web.said(/pages are ready/)));
    // The route is compiled and its connection open before the moment comes.
    await Promise.all(webs.map((web) => web.call('GET', '/api/rollout')));
    // 8 s are left in the slot of ten.
    const untilSlot = 10_000 - (Date.now() % 10_000);
    if (untilSlot < 8000) await new Promise((resolve) => setTimeout(resolve, untilSlot + 50));
    const watchdogs = Array.from({ length: 4 }, () => world.watchdog(url));
    const calls = webs.flatMap((web) =>
      Array.from({ length: 12 }, () => web.call('POST', '/api/cron/watchdog?interval=10')),
    );
    const answers = await Promise.all(calls);
    await Promise.all(watchdogs);
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
    const results = answers.map(({ body }) => body.result);
    const decided = results.filter((result) => result === 'decided').length;
    expect(results.filter((result) => result === 'skipped')).toHaveLength(answers.length - decided);
    await new Promise((resolve) => setTimeout(resolve, 2000));

    const rollbacks = await rollout.control.journal.list({ limit: 50, verb: 'rollback' });
    expect(rollbacks).toHaveLength(1);
    const ticks = await rollout.sql<{ by: string; action: string; error: string | null }[]>`
      select by, action, error from sluice.ticks`;
    expect(ticks.filter(({ action }) => action === 'rollback')).toHaveLength(1);
    expect(ticks.filter(({ error }) => error !== null)).toEqual([]);
    const events = await rollout.sql`select from analytics_logs where event_type = 'rollout_rollback'`;
    expect(events).toHaveLength(1);
    expect(await journalFaults(rollout)).toEqual([]);
    saw(
      `${answers.length} calls: ${decided} decided, ${answers.length - decided} skipped; ${ticks.length} ticks stored, by ${ticks.map(({ by }) => by.split(':')[0]).join(', ')}`,
    );
    saw('1 rollback in the journal, 1 event');
  },
);
