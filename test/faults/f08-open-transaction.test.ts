import { afterAll, beforeAll, expect } from 'vitest';
import { rearm } from '@/lib/control/verbs/rearm';
import { connect } from '@/lib/postgres/connection';
import { openBeforeReserve } from '@/test/support/open-before-reserve';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { backdate, logTraffic, type TestRollout, testRollout, writeWeights } from '../support/rollout';
import { fault, type Saw } from './fault';

let world: FaultWorld;
let rollout: TestRollout;

beforeAll(async () => {
  [world, rollout] = await Promise.all([faultWorld(), testRollout()]);
  await backdate(rollout.sql, 4400);
});
afterAll(async () => {
  await world.close();
  await rollout.close();
});

const what = 'An operator leaves a transaction open in psql';
const expected = 'the automatic rollback still lands in ≤ 10 s; so does one by hand';

async function forget(...statements: string[]): Promise<() => Promise<void>> {
  const psql = openBeforeReserve(connect(rollout.database.url, { name: 'psql', max: 1, silenceMs: null }));
  const session = await psql.reserve();
  for (const statement of ['begin', ...statements]) await session.unsafe(statement);
  return async () => {
    session.release();
    await psql.end({ timeout: 1 });
  };
}

async function landed(saw: Saw, startedAt: number): Promise<void> {
  await eventually(
    () => rollout.stage().catch(() => 'locked'),
    (stage) => stage === 'rolled_back',
    20_000,
    50,
  );
  const seconds = (performance.now() - startedAt) / 1000;
  expect(seconds).toBeLessThanOrEqual(10);
  const [entry] = await rollout.control.journal.list({ limit: 1, verb: 'rollback' });
  saw(`rolled back by ${entry?.actor} after ${seconds.toFixed(1)} s`);
}

/** Back to D1. */
async function again(): Promise<void> {
  await rearm(rollout.control, { expectedVersion: await rollout.version(), reason: 'again', actor: 'operator:ann' });
  await writeWeights(rollout.sql, { fal: 0.9, runware: 0.1 });
}

fault(
  'F8',
  { what, injected: 'begin; update feature_flags …; the watchdog ticks every 5 s', expected },
  async (saw) => {
    await world.watchdog(rollout.database.url, { env: { SLUICE_TICK_SECONDS: '5' } });
    const close = await forget(
      `update feature_flags set description = 'lunch' where flag_key = 'GEN_PROVIDER_WEIGHTS'`,
    );
    await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 720 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 720, perMinute: 20, failEvery: 3 });
    await landed(saw, performance.now());
    await close();
  },
);

fault(
  'F8',
  { what, injected: 'begin; lock table feature_flags in access exclusive mode; (a forgotten migration)', expected },
  async (saw) => {
    await again();
    // The failures of the last minutes are this rollout's too.
    await backdate(rollout.sql, 4400);
    const close = await forget('lock table feature_flags in access exclusive mode');
    await landed(saw, performance.now());
    await close();
  },
);

fault('F8', { what, injected: 'both of these, and the operator presses Roll back (POST)', expected }, async (saw) => {
  const web = await world.web(rollout.database.url);
  await web.call('GET', '/api/rollout');
  for (const statement of [
    `update feature_flags set description = 'lunch' where flag_key = 'GEN_PROVIDER_WEIGHTS'`,
    'lock table feature_flags in access exclusive mode',
  ]) {
    await again();
    const close = await forget(statement);
    const answer = await web.call('POST', '/api/rollout/rollback', { body: { reason: 'by hand' } });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    saw(`by hand after ${answer.ms} ms`);
    await close();
    expect(await rollout.stage()).toBe('rolled_back');
  }
});
