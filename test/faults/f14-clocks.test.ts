import { afterAll, beforeAll, expect } from 'vitest';
import { eventually } from '../support/eventually';
import { type FaultWorld, failedTicks, faultWorld } from '../support/fault-world';
import { backdate, logTraffic, type TestRollout, testRollout, writeWeights } from '../support/rollout';
import { fault } from './fault';

let world: FaultWorld;
let rollout: TestRollout;

beforeAll(async () => {
  [world, rollout] = await Promise.all([faultWorld(), testRollout()]);
});
afterAll(async () => {
  await world.close();
  await rollout.close();
});

const what = 'Clocks that are wrong, step back, or change by 30 min';
const expected = 'no effect: the database’s clock rules; skew is measured and shown';
const minutes = 60_000;
const preload = 'shift-clock.mjs';

const ticksBy = (pid: number) => rollout.sql<{ n: number; off: number }[]>`
  select count(*) as n, coalesce(max(abs(extract(epoch from at - slot))), 0)::float8 as off
  from sluice.ticks where by like ${`%:${pid}`} and error is null`;

fault(
  'F14',
  {
    what,
    injected: 'web and watchdog at +10 min, web and watchdog at −10 min; then the first pair steps back 20 min',
    expected,
  },
  async (saw) => {
    const { url } = rollout.database;
    const env = (shift: number) => ({
      SLUICE_TEST_SHIFT_MS: String(shift * minutes),
      SLUICE_TEST_STEP_MS: String(-20 * minutes),
      SLUICE_TICK_SECONDS: '2',
    });
    const [fast, slow] = await Promise.all([
      world.web(url, { preload, env: env(10) }),
      world.web(url, { preload, env: env(-10) }),
    ]);
    await Promise.all([fast, slow].map((web) => web.said(/pages are ready/)));
    const dogs = await Promise.all([
      world.watchdog(url, { preload, env: env(10) }),
      world.watchdog(url, { preload, env: env(-10) }),
    ]);
    const skews = async () => {
      const { status, body } = await slow.call('GET', '/api/rollout');
      if (status !== 200) return JSON.stringify(body);
      const found = (body.instances as { clock_skew_ms: number | null }[]).map(
        ({ clock_skew_ms }) => clock_skew_ms ?? 0,
      );
      return found
        .map((ms) => Math.round(ms / minutes))
        .sort((a, b) => a - b)
        .join();
    };
    await eventually(skews, (found) => found === '-10,-10,10,10', 20_000, 100);
    saw('measured and shown: −10, −10, +10, +10 min');

    const round = async (runware: number) => {
      await writeWeights(rollout.sql, { fal: 1 - runware, runware });
      const version = await rollout.version();
      for (const web of [fast, slow]) await eventually(web.routes, (routed) => routed === version, 20_000);
      for (const web of [fast, slow, fast, slow]) {
        expect((await web.call('POST', '/api/generate', { body: { prompt: 'x' } })).status).toBe(200);
      }
    };
    await round(0.2);
    for (const { pid } of [fast, dogs[0]]) process.kill(pid, 'SIGUSR2');
    await round(0.1);
    await eventually(skews, (found) => found === '-10,-10,-10,-10', 20_000, 100);
    saw('stepped back: −10 min each');

    const stored = () => rollout.sql<{ n: number; off: number }[]>`
      select count(*) as n, max(abs(extract(epoch from arrived_at - created_at)))::float8 as off
      from analytics_logs where event_type = 'gen_ok'`;
    await eventually(stored, ([row]) => row?.n === 8, 20_000);
    const [events] = await stored();
    expect(events?.off).toBeLessThan(5);
    saw(`8 of 8 events within ${events?.off.toFixed(1)} s of the database’s clock`);
    const slots = () => rollout.sql<{ n: number; twice: number; off: number }[]>`
      select count(*)::int as n, (count(*) - count(distinct slot))::int as twice,
        max(abs(extract(epoch from at - slot)))::float8 as off
      from sluice.ticks where error is null`;
    const before = (await slots())[0]?.n ?? 0;
    await eventually(slots, ([row]) => (row?.n ?? 0) >= before + 3, 20_000, 100);
    const [ticked] = await slots();
    expect(ticked?.twice).toBe(0);
    expect(ticked?.off).toBeLessThan(5);
    saw(`${ticked?.n} ticks at an interval of 2 s, one a slot, each within ${ticked?.off.toFixed(1)} s of it`);
    expect(await rollout.control.journal.list({ limit: 5, verb: 'rollback' })).toEqual([]);

    await backdate(rollout.sql, 4400);
    await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 720 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 720, perMinute: 20, failEvery: 3 });
    await eventually(
      () => rollout.stage(),
      (stage) => stage === 'rolled_back',
      20_000,
    );
    expect(await rollout.control.journal.list({ limit: 5, verb: 'rollback' })).toHaveLength(1);
    saw('no rollback before the breach, one after it');
    await Promise.all([...dogs, fast, slow].map((each) => each.stop()));
  },
);

// Lord Howe Island: 30 minutes back on 4 April 2027, 30 minutes on on 3 October 2027, both at 2:00.
const changes = [
  { way: 'back', at: Date.UTC(2027, 3, 3, 15) },
  { way: 'on', at: Date.UTC(2027, 9, 2, 15, 30) },
];

fault(
  'F14',
  {
    what,
    injected: 'TZ=Australia/Lord_Howe, database too: two watchdogs live through 2:00, 30 min back and 30 min on',
    expected,
  },
  async (saw) => {
    const { url } = rollout.database;
    await rollout.sql.unsafe(`alter database ${new URL(url).pathname.slice(1)} set timezone = 'Australia/Lord_Howe'`);
    for (const { way, at } of changes) {
      const env = {
        TZ: 'Australia/Lord_Howe',
        SLUICE_TICK_SECONDS: '2',
        SLUICE_TEST_SHIFT_MS: String(at - 6000 - Date.now()),
      };
      const dog = await world.watchdog(url, { preload, env });
      const count = async () => (await ticksBy(dog.pid))[0]?.n ?? 0;
      await eventually(count, (n) => n > 0, 20_000);
      await new Promise((resolve) => setTimeout(resolve, 6000));
      // It is past 2:00 there.
      const before = await count();
      await eventually(count, (n) => n >= before + 3, 20_000);
      const [row] = await ticksBy(dog.pid);
      expect(row?.off).toBeLessThan(5);
      saw(`${way}: ${before} ticks until the change, the next three on time`);
      expect(failedTicks(dog)).toEqual([]);
      await dog.stop();
    }
  },
);
