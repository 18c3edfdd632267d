import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { overhang, violationsOn } from '../support/axe';
import { type TestDashboard, testDashboard } from '../support/dashboard';
import { backdate, logTraffic } from '../support/rollout';

let dashboard: TestDashboard;
let page: Page;

beforeAll(async () => {
  dashboard = await testDashboard({ env: { SLUICE_SECRET_KEY: '0123456789abcdef'.repeat(4) } });
});
afterAll(() => dashboard.close());
afterEach(() => page?.context().close());

const region = (name: string) => page.getByRole('region', { name, exact: true });
const row = (alias: string) => region('What callers may ask for').locator('li', { hasText: alias }).first();

describe('the models', () => {
  it('are found by any name, and say what each provider calls them', async () => {
    page = await dashboard.open('/providers');
    await page.getByRole('link', { name: /^Models/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    await page.getByLabel('Find by any name').fill('runware:100@1');
    await page.getByText('1 model', { exact: true }).waitFor();
    await row('flux-schnell').locator('summary').click();
    await row('flux-schnell').getByText('fal-ai/flux/schnell', { exact: true }).waitFor();
    await page.getByLabel('Find by any name').fill('nobody');
    await page.getByText('No model is called so').waitFor();
  });

  it('are added and changed as the database allows it, and say why not', async () => {
    page = await dashboard.open('/models');
    const form = region('Another model');
    await form.getByLabel('Alias').fill('poster');
    await form.getByLabel('Its name there').fill('acme/poster-1');
    await form.getByLabel('Parameters (JSON)').fill('[1]');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('Not saved: Parameters (JSON) is no JSON object.').waitFor();
    await form.getByLabel('Parameters (JSON)').fill('{"prompt": "prompt", "steps": {"max": "many"}}');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText(/params\.steps\.max is "many"; it must be a number/).waitFor();
    await form.getByLabel('Parameters (JSON)').fill('{"prompt": "prompt", "steps": {"max": 30}}');
    await form.getByRole('button', { name: 'Save' }).click();
    await row('poster').locator('summary').click();
    await row('poster').getByText('your own').waitFor();
    await row('poster')
      .getByRole('button', { name: /^Change poster/ })
      .click();
    const change = page.getByRole('region', { name: /^Change poster/ });
    await change.getByLabel('What it cannot be told').selectOption('refuse');
    // Another operator renames it meanwhile: that is told, and nothing of it is taken back.
    const { sql } = dashboard.rollout;
    await sql`update sluice.models set provider_model = 'acme/poster-2' where alias = 'poster'`;
    await change.getByRole('button', { name: 'Save' }).click();
    await change.getByText(/version \d+/).waitFor();
    await expect.poll(() => change.getByLabel('Its name there').inputValue()).toBe('acme/poster-2');
    await change.getByRole('button', { name: 'Save' }).click();
    await region('Another model').waitFor();
    const [stored] = await sql`
      select m.provider_model, m.lossy, m.params, m.shipped from sluice.models m where m.alias = 'poster'`;
    expect(stored).toEqual({
      ...{ provider_model: 'acme/poster-2', lossy: 'refuse', shipped: false },
      params: { prompt: 'prompt', steps: { max: 30 } },
    });
  });
});

describe('one prompt at both arms', () => {
  it('is found by ⌘K, says its price, shows two images blind, and tells whose they are after the vote', async () => {
    for (const name of ['fal', 'runware'] as const) dashboard.sandbox.control(name, { latencyMs: 0 });
    page = await dashboard.open('/', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
    await page.getByText(/^Live/).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('compare');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Compare two arms' }).waitFor();
    await page.getByText(/^(Nobody knows yet what it costs|Costs about )/).waitFor();
    await page.getByRole('textbox', { name: 'Prompt' }).fill('a lighthouse');
    await page.getByLabel('Blind: tell me after my vote').check();
    await page.getByRole('textbox', { name: 'Prompt' }).press('Control+Enter');
    const pair = page.getByRole('region', { name: /^Comparison/ });
    for (const side of ['Left', 'Right']) {
      const image = pair.getByAltText(`${side} image, from its provider`);
      await image.scrollIntoViewIfNeeded();
      await expect.poll(() => image.evaluate((it) => (it as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
    }
    expect(await pair.textContent()).not.toMatch(/runware|fal\b/);
    await pair.getByLabel(/^Why/).fill('truer stone');
    await pair.getByRole('button', { name: 'Left is better' }).click();
    await pair.getByText(/^Your vote went to (fal|runware)\.$/).waitFor();
    await page
      .getByRole('region', { name: 'Votes so far' })
      .getByText(/truer stone/)
      .waitFor();
    await page.getByText(/^Costs about \$/).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(dashboard.faults.filter((each) => /security policy/i.test(each))).toEqual([]);
  });

  it('fits 360 px in Chinese', async () => {
    page = await dashboard.open('/s/gen/compare', { viewport: { width: 360, height: 740 }, locale: 'zh-CN' });
    await page.getByRole('heading', { level: 1, name: '并排比较两个臂' }).waitFor();
    const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(wide).toBeLessThanOrEqual(screen ?? 0);
    expect(await violationsOn(page)).toEqual([]);
  });

  it('leaves addresses in the log for as long as an admin says', async () => {
    page = await dashboard.open('/settings');
    const panel = page.getByRole('region', { name: 'Where images lie' });
    await panel.getByRole('spinbutton').fill('48');
    await panel.getByRole('button', { name: 'Save' }).click();
    const { sql } = dashboard.rollout;
    await expect
      .poll(async () => (await sql`select s.image_hours from sluice.splits s where s.slug = 'gen'`)[0]?.image_hours)
      .toBe(48);
  });
});

describe('the providers', () => {
  it('say what requests make of them beside the probe, and are changed with the sentence at the field', async () => {
    const { sql } = dashboard.rollout;
    await backdate(sql, 400);
    await logTraffic(sql, { fromSecondsAgo: 280, perMinute: 30, failEvery: 3 });
    page = await dashboard.open('/providers');
    const card = page.getByRole('region', { name: 'runware', exact: true });
    await card.getByText('probe ok, requests fail').waitFor();
    await card.getByText(/^3\d(\.\d+)?% of 1\d\d requests failed in 5m$/).waitFor();
    await card.getByText('p95, last 5m').waitFor();
    await card.getByText('from the environment: RUNWARE_API_KEY').waitFor();
    await card.getByText('Address, options and key').click();
    const form = card.getByRole('form', { name: 'How runware is reached' });
    await form.getByLabel('Base URL').fill('https://10.0.0.7');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText(/base_url is "https:\/\/10\.0\.0\.7"; it must name a host of the open internet/).waitFor();
    expect(await form.getByLabel('Base URL').getAttribute('aria-invalid')).toBe('true');
    await form.getByLabel('Base URL').fill('');
    await form.getByLabel('What people read').fill('Runware EU');
    // The database has a form of its own for what is written here; that is nobody's change.
    await form.getByLabel(/^Options/).fill('{"why":{"b":1,"a":2},"a_note":1}');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('Saved.').waitFor();
    const asStored = JSON.stringify({ a_note: 1, why: { a: 2, b: 1 } }, null, 1);
    await expect.poll(() => form.getByLabel(/^Options/).inputValue()).toBe(asStored);
    const [stored] = await sql`select label, base_url from sluice.providers where name = 'runware'`;
    expect(stored).toEqual({ label: 'Runware EU', base_url: null });
    // Another operator moves it meanwhile: that is told, and a change of the label alone takes nothing of it back.
    const theirs = 'https://eu.runware.example';
    await sql`update sluice.providers set base_url = ${theirs} where name = 'runware'`;
    await form.getByLabel('What people read').fill('Runware US');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText(/version \d+/).waitFor();
    await expect.poll(() => form.getByLabel('Base URL').inputValue()).toBe(theirs);
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('Saved.').waitFor();
    expect(await sql`select label, base_url from sluice.providers where name = 'runware'`).toEqual([
      { label: 'Runware US', base_url: theirs },
    ]);
    await expect.poll(() => form.getByText(/^Changed meanwhile/).count()).toBe(0);
    await sql`update sluice.providers set base_url = null, options = '{}' where name = 'runware'`;

    const keys = card.getByRole('form', { name: 'Key of runware' });
    await keys.getByLabel(/^Another key/).fill('rw-another-key-0123456789');
    await keys.getByRole('button', { name: 'Store key' }).click();
    await keys.getByText('Stored as version 1; it is used at once.').waitFor();
    await card.getByText('stored, version 1, ends in 6789').waitFor();
    expect(await keys.getByLabel(/^Another key/).inputValue()).toBe('');
    expect(await page.content()).not.toContain('another-key');
  });
});

describe('the callers', () => {
  it('are added, limited, given another key and revoked, each key shown once and each change journaled', async () => {
    const { sql } = dashboard.rollout;
    page = await dashboard.open('/callers');
    const add = page.getByRole('form', { name: 'Add a caller' });
    await add.getByLabel('Name', { exact: true }).fill('Shop!');
    await add.getByRole('button', { name: 'Add caller' }).click();
    await add.getByText(/No caller was added: "Shop!" cannot be a name/).waitFor();
    await add.getByLabel('Name', { exact: true }).fill('shop');
    await add.getByLabel('Requests a minute').fill('600');
    await add.getByLabel('Key valid for').selectOption('90 days');
    await add.getByRole('checkbox', { name: /^relay/ }).check();
    await add.getByLabel(/^Models it may/).fill('flux-*');
    await add.getByRole('button', { name: 'Add caller' }).press('Enter');
    await add.getByText('The key of shop, shown this once').waitFor();
    const first = (await add.locator('code', { hasText: 'slc_' }).textContent()) ?? '';
    expect(first).toMatch(/^slc_[\w-]{43}$/);
    await add.getByRole('button', { name: 'Copy key' }).waitFor();
    await add.getByRole('button', { name: 'Done' }).click();
    await add.getByText('The key of shop, shown this once').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(first);

    const item = page.getByRole('listitem').filter({ hasText: '600 requests a minute' });
    const quota = item.getByRole('form', { name: 'Job caps of shop' });
    await quota.getByLabel('USD a day').fill('12.5');
    await quota.getByRole('button', { name: 'Save' }).click();
    await quota.getByText('Saved.').waitFor();
    // Somebody else sets a cap while another field is written into: the one follows, the other stays.
    await quota.getByLabel('Jobs a day').fill('40');
    const caps = (jobs: object) =>
      page.request.put(`${dashboard.url}/api/callers/shop/quota`, {
        data: { quota: { jobs } },
        headers: { origin: dashboard.url },
      });
    expect((await caps({ spend_per_day_usd: 9, creates_per_day: 30 })).status()).toBe(200);
    await item.getByRole('form', { name: 'Models of shop' }).getByRole('textbox').fill('flux-dev');
    await item.getByRole('form', { name: 'Models of shop' }).getByRole('button', { name: 'Save' }).click();
    await quota.getByText('Changed meanwhile to: Jobs a day 30.').waitFor();
    expect(await quota.getByLabel('USD a day').inputValue()).toBe('9');
    expect(await quota.getByLabel('Jobs a day').inputValue()).toBe('40');
    await item.getByRole('form', { name: 'Another key of shop' }).getByRole('button', { name: 'Another key' }).click();
    await item.getByText('The key of shop, shown this once').waitFor();
    await item.getByRole('button', { name: 'Done' }).click();
    await item.getByRole('button', { name: `Revoke: …${first.slice(-4)}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => item.getByRole('list', { name: 'Keys of shop' }).getByRole('listitem').count()).toBe(1);
    expect(await violationsOn(page)).toEqual([]);

    const stored = await sql`
      select c.scopes, c.models, c.rate_per_minute, c.quota, count(*) filter (where k.revoked_at is null)::int as working,
        count(*) filter (where k.expires_at is not null)::int as ending
      from sluice.callers c join sluice.caller_keys k on k.caller = c.name where c.name = 'shop' group by c.name`;
    expect(stored).toEqual([
      {
        ...{ scopes: ['generate', 'relay'], models: ['flux-dev'], rate_per_minute: 600, working: 1, ending: 1 },
        quota: { jobs: { spend_per_day_usd: 9, creates_per_day: 30 } },
      },
    ]);
    // What it may no longer do takes its limits along, and the form says so before.
    await item.getByText('Change scopes and rate').click();
    const rights = item.getByRole('form', { name: 'Scopes and rate of shop' });
    expect(await rights.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await rights.getByLabel('Requests a minute').fill('60');
    for (const scope of [/^generate/, /^relay/]) await rights.getByRole('checkbox', { name: scope }).uncheck();
    await rights.getByText('this goes too: its list of models, its job caps.').waitFor();
    await rights.getByRole('button', { name: 'Save' }).click();
    await rights.getByText('Nothing was changed: it needs a scope').waitFor();
    await rights.getByRole('checkbox', { name: 'events its own events' }).check();
    expect(await violationsOn(page)).toEqual([]);
    await rights.getByRole('button', { name: 'Save' }).press('Enter');
    const changed = page.getByRole('listitem').filter({ hasText: '60 requests a minute' });
    await changed
      .getByRole('form', { name: /^Scopes/ })
      .getByText('Saved.')
      .waitFor();
    expect(await sql`select c.scopes, c.models, c.rate_per_minute as rate, c.quota from sluice.callers c`).toEqual([
      { scopes: ['events'], models: [], rate: 60, quota: {} },
    ]);
    // The caller and its key, its caps, another key, a revocation, its scopes.
    const journaled = await sql`
      select j.actor from sluice.journal j where j.flag_key = 'sluice.registry' and j.becomes::text like '%shop%' or j.was::text like '%shop%'`;
    expect(journaled.length).toBeGreaterThanOrEqual(6);
  });
});

it.each([
  ['light', 'en-US'],
  ['dark', 'zh-CN'],
] as const)('have nothing for axe to find in %s, and fit 360 px in %s', async (colorScheme, locale) => {
  page = await dashboard.open('/callers', { viewport: { width: 360, height: 740 }, colorScheme, locale });
  await page.locator('details').first().locator('summary').click();
  await page.evaluate(() => scrollTo(0, 0));
  expect(await overhang(page)).toBeLessThanOrEqual(0);
  expect(await violationsOn(page)).toEqual([]);
  await page.goto(`${dashboard.url}/models`);
  await page.locator('details').first().locator('summary').click();
  expect(await overhang(page)).toBeLessThanOrEqual(0);
  expect(await violationsOn(page)).toEqual([]);
});
