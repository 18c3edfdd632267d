import { afterAll, beforeAll, expect } from 'vitest';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { healthyStage, type TestRollout, testRollout } from '../support/rollout';
import { fault } from './fault';

let world: FaultWorld;
let rollout: TestRollout;

beforeAll(async () => {
  [world, rollout] = await Promise.all([faultWorld(), testRollout()]);
  await healthyStage(rollout);
});
afterAll(async () => {
  await world.close();
  await rollout.close();
});

interface Shot {
  readonly version: number;
  readonly watchdog: { readonly alive: boolean };
  readonly blockers: readonly { readonly code: string }[];
}

fault(
  'F13',
  {
    what: 'Watchdog silent for 3 intervals',
    injected: 'SIGSTOP of the watchdog, interval 2 s; then SIGCONT',
    expected: 'health and dashboard say so, alert, advance refused; all over once it ticks again',
  },
  async (saw) => {
    const { url } = rollout.database;
    const web = await world.web(url);
    const watchdog = await world.watchdog(url, { env: { SLUICE_TICK_SECONDS: '2' } });
    const shot = async () => (await web.call('GET', '/api/rollout')).body as unknown as Shot;
    const check = async () => {
      const { checks } = (await web.call('GET', '/api/health')).body as { checks: { name: string; ok: boolean }[] };
      return checks.find(({ name }) => name === 'watchdog')?.ok;
    };
    const alerts = async () => (await rollout.control.alerts.open()).filter(({ kind }) => kind === 'watchdog_silent');
    await eventually(shot, ({ watchdog, blockers }) => watchdog.alive && blockers.length === 0, 20_000, 100);
    expect(await check()).toBe(true);

    process.kill(watchdog.pid, 'SIGSTOP');
    const at = performance.now();
    const seconds = () => `${((performance.now() - at) / 1000).toFixed(1)} s`;
    await eventually(shot, ({ watchdog }) => !watchdog.alive, 20_000, 100);
    saw(`dashboard says so after ${seconds()}`);
    const { version, blockers } = await shot();
    expect(blockers.map(({ code }) => code)).toEqual(['watchdog_silent']);
    const advance = await web.call('POST', '/api/rollout/advance', { version, body: { to: 'D2', reason: 'x' } });
    expect(advance.body).toMatchObject({ status: 409, code: 'gate-closed', blockers: [{ code: 'watchdog_silent' }] });
    saw('advance 409');
    await eventually(check, (ok) => ok === false, 20_000, 100);
    saw(`health after ${seconds()}`);
    await eventually(alerts, (open) => open.length === 1, 20_000, 100);
    saw(`alert after ${seconds()}`);

    process.kill(watchdog.pid, 'SIGCONT');
    const back = performance.now();
    await eventually(shot, ({ watchdog }) => watchdog.alive, 20_000, 100);
    await eventually(alerts, (open) => open.length === 0, 20_000, 100);
    await eventually(check, (ok) => ok === true, 20_000, 100);
    saw(`all over ${((performance.now() - back) / 1000).toFixed(1)} s after it woke`);
  },
);
