import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { type TestDashboard, testDashboard } from '../support/dashboard';
import { backdate, logTraffic } from '../support/rollout';

let dashboard: TestDashboard;
let page: Page;

/** An hour of D1: one in sixty of the candidate's requests fails, which is under its line, and none of the baseline's. */
beforeAll(async () => {
  dashboard = await testDashboard();
  const { sql, control } = dashboard.rollout;
  const signal = { metric: 'regenerate_voucher_rate', limit: 0.05, window: '1h', hold: '10m', action: 'signal' };
  const failures = { metric: 'failure_rate', limit: 0.02, window: '5m', hold: '5m' };
  const saved = { policy: { redLines: [failures, signal] }, expectedVersion: 0, reason: null, confirm: true };
  await savePolicy(control, { ...saved, actor: 'operator:ann' });
  await backdate(sql, 3700);
  await logTraffic(sql, { provider: 'fal', fromSecondsAgo: 3660, perMinute: 60 });
  await logTraffic(sql, { fromSecondsAgo: 3660, perMinute: 60, failEvery: 60 });
  await dashboard.rollout.tick();
});
afterAll(() => dashboard.close());
afterEach(() => page?.context().close());

it.each([
  ['en-US', 'Failure rate', /^fails more often than fal beyond chance since/, /look before you advance/i, 'signal'],
  ['zh-CN', '失败率', /超出偶然地比 fal 失败更多/, /推进之前请先查看/, '信号'],
])(
  'an early warning stands on the tile, in the headline and at the gate, in %s',
  async (locale, name, tile, look, signal) => {
    page = await dashboard.open('/', { locale });
    const failures = page.getByRole('region', { name });
    await failures.getByText(tile).waitFor();
    await page.getByRole('heading', { level: 1 }).locator('..').getByText(look).waitFor();
    expect(await page.getByText(look).count()).toBeGreaterThan(1);
    expect(await page.getByText(signal, { exact: true }).count()).toBe(1);
  },
);

it('a cause that both share is told in words, in the headline and on the tile', async () => {
  const { sql } = dashboard.rollout;
  await logTraffic(sql, { provider: 'fal', fromSecondsAgo: 720, perMinute: 60, failEvery: 2 });
  await logTraffic(sql, { fromSecondsAgo: 720, perMinute: 60, failEvery: 2 });
  page = await dashboard.open('/');
  await page.getByText(/with both providers: a shared cause\. Moving traffic would win nothing/).waitFor();
  await page.getByRole('region', { name: 'Failure rate' }).getByText('moving traffic would win nothing').waitFor();
  expect(await dashboard.rollout.stage()).toBe('D1');
});
