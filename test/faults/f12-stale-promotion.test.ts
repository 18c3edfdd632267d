import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { backdate, journalFaults, logTraffic, type TestRollout, testRollout } from '../support/rollout';
import { fault } from './fault';

let world: FaultWorld;
let rollout: TestRollout;
let webs: readonly [WorldWeb, WorldWeb];

beforeAll(async () => {
  [world, rollout] = await Promise.all([faultWorld(), testRollout()]);
  webs = await Promise.all([world.web(rollout.database.url), world.web(rollout.database.url)]);
  await Promise.all(webs.map((web) => web.said(/pages are ready/)));
});
afterAll(async () => {
  await world.close();
  await rollout.close();
});

fault(
  'F12',
  {
    what: 'Stale tab promotes after an automatic rollback',
    injected: 'a real watchdog rolls back between the tab’s reading and its click; every verb is tried, with override',
    expected: '412, never applied',
  },
  async (saw) => {
    const [web] = webs;
    const version = Number((await web.call('GET', '/api/rollout')).body.version);
    await backdate(rollout.sql, 4400);
    await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 720 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 720, perMinute: 20, failEvery: 3 });
    const watchdog = await world.watchdog(rollout.database.url);
    await eventually(
      () => rollout.stage(),
      (stage) => stage === 'rolled_back',
      20_000,
    );
    await watchdog.stop();
    const after = await rollout.version();
    const reason = 'I saw it healthy';
    const answers = await Promise.all([
      web.call('POST', '/api/rollout/advance', { version, body: { to: 'D2', reason, override: true } }),
      web.call('PUT', '/api/rollout/weights', {
        version,
        body: { weights: { fal: 0.5, runware: 0.5 }, reason, override: true },
      }),
      web.call('POST', '/api/rollout/rearm', { version, body: { reason } }),
      web.call('POST', '/api/rollout/pause', { version, body: { reason } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([412, 412, 412, 412]);
    expect(await rollout.version()).toBe(after);
    expect(await rollout.stage()).toBe('rolled_back');
    saw(`advance, weights, rearm and pause at version ${version}: 4 × 412; still rolled back at version ${after}`);
  },
);

const pairs = 1000;

/** Waits for up to `mostMs`, which a timer cannot do finely enough. */
async function jitter(mostMs: number): Promise<void> {
  const untilMs = performance.now() + (randomInt(1000) / 1000) * mostMs;
  while (performance.now() < untilMs) await new Promise((resolve) => setImmediate(resolve));
}

fault(
  'F12',
  {
    what: 'Promote and rollback in the same millisecond',
    injected: `${pairs} random pairs over HTTP at two web processes, promote by advance or by weights, 0–3 ms apart either way`,
    expected: 'a promotion that comes second is rejected; final state never above the rollback',
  },
  async (saw) => {
    const [one, other] = webs;
    const ends = { promotedFirst: 0, refused: 0 };
    let [highest, lastRollback] = [0, 0];
    for (let n = 0; n < pairs; n += 1) {
      // By hand and raw: the break-glass way back to D1, in one statement.
      const [row] = await rollout.sql<{ version: number }[]>`
        update feature_flags set flag_value_text = '{"fal":0.9,"runware":0.1}', updated_at = now()
        where flag_key = 'GEN_PROVIDER_WEIGHTS' returning version`;
      const version = row?.version ?? 0;
      expect(version).toBeGreaterThan(lastRollback);
      const promote = async () => {
        await jitter(3);
        const more = { reason: `pair ${n}`, override: true };
        if (n % 2 === 0) return one.call('POST', '/api/rollout/advance', { version, body: { to: 'D2', ...more } });
        const weights = { fal: 0.5, runware: 0.5 };
        return one.call('PUT', '/api/rollout/weights', { version, body: { weights, ...more } });
      };
      const back = async () => {
        await jitter(3);
        return other.call('POST', '/api/rollout/rollback', { body: { reason: `pair ${n}` } });
      };
      const [promoted, rolledBack] = await Promise.all([promote(), back()]);
      expect(rolledBack.status, JSON.stringify(rolledBack.body)).toBe(200);
      if (promoted.status === 200) ends.promotedFirst += 1;
      else {
        expect({ status: promoted.status, code: promoted.body.code }).toEqual({ status: 412, code: 'stale-version' });
        ends.refused += 1;
      }
      const [end] = await rollout.sql<{ version: number; runware: number; latched: boolean }[]>`
        select version, (flag_value_text::jsonb->>'runware')::float8 as runware, latched_at is not null as latched
        from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
      expect(end).toMatchObject({ runware: 0, latched: true, version: Number(rolledBack.body.version) });
      highest = Math.max(highest, end?.runware ?? 1);
      lastRollback = end?.version ?? 0;
    }
    expect(await journalFaults(rollout)).toEqual([]);
    saw(`promotion first and then rolled back ${ends.promotedFirst}, promotion refused 412 ${ends.refused}`);
    saw(`final candidate share never above ${highest}; journal intact`);
  },
  400_000,
);
