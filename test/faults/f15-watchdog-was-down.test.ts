import { afterEach, beforeEach, expect } from 'vitest';
import type { AlertView } from '@/lib/api/alerts';
import type { Blocker } from '@/lib/rule/blocker';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { backdate, logTraffic, type TestRollout, testRollout } from '../support/rollout';
import { fault } from './fault';

let world: FaultWorld;
let rollout: TestRollout;

beforeEach(async () => {
  [world, rollout] = await Promise.all([faultWorld(), testRollout()]);
  // D1 since two hours; the last tick was twenty minutes ago and found nothing.
  await backdate(rollout.sql, 7200);
  await rollout.tick();
  await rollout.age(1200);
  await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 3600, perMinute: 60 });
  await logTraffic(rollout.sql, { fromSecondsAgo: 3600, toSecondsAgo: 1200, perMinute: 30 });
});
afterEach(async () => {
  await world.close();
  await rollout.close();
});

interface Shot {
  readonly version: number;
  readonly blockers: readonly Blocker[];
}

const rollbacks = () => rollout.control.journal.list({ limit: 50, verb: 'rollback' });

fault(
  'F15',
  {
    what: 'Watchdog down for 20 min while a line was breached for 15',
    injected: 'last tick 20 min ago, a third of the candidate’s requests failing for the last 15 min, then a start',
    expected: 'still breached: rolled back on the first tick, from the log',
  },
  async (saw) => {
    await logTraffic(rollout.sql, { fromSecondsAgo: 1200, toSecondsAgo: 900, perMinute: 30 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 900, perMinute: 30, failEvery: 3 });
    const startedAt = performance.now();
    await world.watchdog(rollout.database.url);
    await eventually(
      () => rollout.stage(),
      (stage) => stage === 'rolled_back',
      20_000,
    );
    const ticks = await rollout.sql`select action from sluice.ticks where at > now() - interval '5 minutes'`;
    expect(ticks.map(({ action }) => action)).toEqual(['rollback']);
    const [entry, ...more] = await rollbacks();
    expect(more).toEqual([]);
    expect(entry?.evidence).toMatchObject({ line: { metric: 'failure_rate', verdict: 'held', acts: true } });
    saw(`rolled back on the first tick, ${((performance.now() - startedAt) / 1000).toFixed(1)} s after the start`);
  },
);

fault(
  'F15',
  {
    what: 'Watchdog down for 20 min while a line was breached for 15',
    injected: 'the same, but over for the last 5 min',
    expected: 'over meanwhile: alert, advance blocked until acknowledged, no rollback',
  },
  async (saw) => {
    await logTraffic(rollout.sql, { fromSecondsAgo: 1200, toSecondsAgo: 300, perMinute: 30, failEvery: 3 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 300, perMinute: 30 });
    const web = await world.web(rollout.database.url);
    await world.watchdog(rollout.database.url);
    const missed = async () => {
      const { alerts } = (await web.call('GET', '/api/rollout')).body as unknown as { alerts: readonly AlertView[] };
      return alerts.filter(({ kind }) => kind === 'missed_hold');
    };
    await eventually(missed, (open) => open.length === 1, 20_000, 50);
    const [alert] = await missed();
    expect(alert).toMatchObject({ blocks_advance: true, params: { metric: 'failure_rate' } });
    saw(`alert: ${alert?.detail.slice(0, 80)}…`);

    const shot = async () => (await web.call('GET', '/api/rollout')).body as unknown as Shot;
    const { version } = await shot();
    const refused = await web.call('POST', '/api/rollout/advance', { version, body: { to: 'D2', reason: 'x' } });
    expect(refused.body).toMatchObject({ status: 409, code: 'gate-closed' });
    const codes = async () => (await shot()).blockers.map(({ code }) => code);
    expect(await codes()).toContain('alert_unacknowledged');
    const reason = { body: { reason: 'seen' } };
    const acknowledged = await web.call('POST', `/api/alerts/${alert?.id}/acknowledge`, reason);
    expect(acknowledged.status, JSON.stringify(acknowledged.body)).toBe(200);
    expect(await codes()).not.toContain('alert_unacknowledged');
    expect(await rollbacks()).toEqual([]);
    expect(await rollout.stage()).toBe('D1');
    saw('advance blocked until acknowledged; still D1, no rollback');
  },
);
