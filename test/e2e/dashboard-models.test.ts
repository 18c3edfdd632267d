import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type TestDashboard, testDashboard } from '../support/dashboard';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let dashboard: TestDashboard;
let page: Page;

beforeAll(async () => {
  dashboard = await testDashboard();
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
    await change.getByRole('button', { name: 'Save' }).click();
    await region('Another model').waitFor();
    const [stored] = await dashboard.rollout.sql`
      select m.provider_model, m.lossy, m.params, m.shipped from sluice.models m where m.alias = 'poster'`;
    expect(stored).toEqual({
      ...{ provider_model: 'acme/poster-1', lossy: 'refuse', shipped: false },
      params: { prompt: 'prompt', steps: { max: 30 } },
    });
  });
});

it.each([
  ['light', 'en-US'],
  ['dark', 'zh-CN'],
] as const)('have nothing for axe to find in %s, and fit 360 px in %s', async (colorScheme, locale) => {
  page = await dashboard.open('/models', { viewport: { width: 360, height: 740 }, colorScheme, locale });
  await page.locator('details').first().locator('summary').click();
  const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(wide).toBeLessThanOrEqual(screen ?? 0);
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run(document);
    return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 120))]);
  });
  expect(found).toEqual([]);
});
