import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { arrived, type TestDashboard, testDashboard } from '../support/dashboard';
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

it('a failure on the charts leads to its requests, and each to what happened to it, with its images where they are kept', async () => {
  const { sql } = dashboard.rollout;
  const common = {
    request_id: 'order-4711',
    model: 'flux-schnell',
    caller: 'shop',
    user_hash: 'u-1',
    assigned: 'runware',
  };
  const broken = {
    attempt: 1,
    provider: 'runware',
    latency_ms: 1200,
    error: 'no <b>answer</b>',
    error_kind: 'timeout',
  };
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const [image_urls, of] = [['https://images.test/made.png'], { provider: 'fal', latency_ms: 2400 }];
  const answered = { attempts: 2, cost_usd: 0.025, images: 1, image_urls, image_urls_until: until, ...of };
  // The page ends at the last ten seconds that are over, and is not read again for a while.
  for (const [type, data] of [
    ['gen_route', { ...common, ...broken, dropped: ['negative_prompt'] }],
    ['gen_route', { ...common, attempt: 2, ...of, cost_per_image: 0.025 }],
    ['gen_ok', { ...common, ...answered }],
  ] as const)
    await sql`insert into analytics_logs (event_type, event_data, created_at)
      values (${type}, ${sql.json(data)}, now() - interval '15 seconds')`;
  page = await dashboard.open('/charts?window=1h');
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
  await page.route('https://images.test/**', (route) => route.fulfill({ contentType: 'image/svg+xml', body: svg }));
  const failures = page.getByRole('region', { name: 'Failures by kind', exact: true });
  await failures.getByRole('link', { name: 'timeout' }).click();
  await arrived(page, /\/s\/gen\/requests\?.*kind=timeout/);
  const table = page.getByRole('table', { name: 'Requests', exact: true });
  await expect.poll(() => table.getByRole('row').count()).toBe(2);
  await table.getByText('rescued').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect.poll(() => table.getByRole('row').count()).toBe(51);
  await page.getByRole('button', { name: 'Older requests' }).click();
  await expect.poll(() => table.getByRole('row').count()).toBe(101);
  await page.getByLabel('Outcome').selectOption('rescued');
  await arrived(page, /outcome=rescued/);
  await table.getByRole('link', { name: 'order-4711' }).press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Request order-4711' }).waitFor();
  const story = page.getByRole('region', { name: 'What happened' });
  await story.getByText('runware failed after 1.2s').waitFor();
  await story.getByText('no <b>answer</b>').waitFor();
  await story.getByText('Left out there: negative_prompt').waitFor();
  await story.getByText('Rescued: fal answered for runware, after 2.4s altogether').waitFor();
  const image = page.getByRole('img', { name: 'Image 1 of 1, from its provider' });
  expect(await image.getAttribute('loading')).toBe('lazy');
  await expect.poll(() => image.evaluate((each: HTMLImageElement) => each.naturalWidth)).toBe(9);
  await page.getByRole('link', { name: 'shop' }).click();
  await arrived(page, /requests\?caller=shop$/);
});

it('the charts are taken apart by what is in the address, under a count of the chances to be misled', async () => {
  await dashboard.rollout.sql`
    insert into analytics_logs (event_type, event_data, created_at)
    select 'gen_route', jsonb_build_object('request_id', arm || model || n, 'attempt', 1, 'provider', arm,
        'model', model, 'latency_ms', 1000 + n)
      || case when model = 'slow' and arm = 'runware' and n % 2 = 0 then '{"error": "x", "error_kind": "server"}'
           else '{}' end::jsonb, now() - interval '20 minutes' + n * interval '10 seconds'
    from generate_series(1, 100) n, unnest('{fal,runware}'::text[]) arm, unnest('{quick,slow}'::text[]) model`;
  page = await dashboard.open('/charts?window=1h');
  await page.getByLabel('Split by').selectOption('model');
  await arrived(page, /by=model/);
  const panel = page.getByRole('region', { name: 'By Model' });
  await panel.getByText(/^You look at \d+ comparisons at once\. One of 20 differs by luck alone/).waitFor();
  await panel.getByRole('row', { name: /^slow/ }).getByText('runware worse').waitFor();
  expect(
    await panel
      .getByRole('row', { name: /^quick/ })
      .getByText('worse')
      .count(),
  ).toBe(0);
  await panel.getByRole('button', { name: 'slow' }).press('Enter');
  await arrived(page, /segment=slow/);
  await page.getByText('The charts show slow alone, from the log.').waitFor();
  await page.reload();
  await page.getByText('The charts show slow alone, from the log.').waitFor();
  await panel.getByRole('button', { name: 'slow', pressed: true }).waitFor();
  await page.getByRole('button', { name: 'Show all requests' }).click();
  await page.getByRole('region', { name: 'Failures by kind', exact: true }).waitFor();
});
