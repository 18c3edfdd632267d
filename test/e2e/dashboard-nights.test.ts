import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addOperator } from '@/lib/operations/operators';
import { openAccessAt } from '@/lib/wire';
import { type TestDashboard, testDashboard } from '../support/dashboard';
import { writeWeights } from '../support/rollout';

let dashboard: TestDashboard;
let page: Page;

beforeAll(async () => {
  dashboard = await testDashboard();
});
afterAll(async () => {
  await dashboard.close();
});
afterEach(async () => {
  dashboard.network.accept = 'pass';
  await page?.context().close();
});

const heading = (text: string) => page.getByRole('heading', { level: 1 }).filter({ hasText: text });

describe('with the database away', () => {
  it('keeps the last data under a stale stripe, and a rollback says what became of it', async () => {
    page = await dashboard.open();
    await heading('D1').waitFor();
    dashboard.network.accept = 'reset';
    dashboard.network.reset();
    await page.getByText(/^Stale: this is what was true/).waitFor({ timeout: 30_000 });
    expect(await heading('D1').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Roll back now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back now' }).click();
    await page
      .getByText(/^(Not rolled back: nothing was changed|No answer: it may or may not have been done)/)
      .waitFor({ timeout: 30_000 });
    expect(await dashboard.rollout.stage()).toBe('D1');
    dashboard.network.accept = 'pass';
    await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click();
    await heading('Rolled back').waitFor({ timeout: 30_000 });
    await page.getByText(/^Stale: this is what was true/).waitFor({ state: 'detached', timeout: 30_000 });
  });
});

describe('a viewer', () => {
  it('sees everything, and each button that is off says why', async () => {
    const access = openAccessAt(dashboard.rollout.database.url, {
      ...{ supabaseUrl: null, supabaseKey: null },
      ...{ publicUrl: null, allowPrivateWebhooks: false },
    });
    const { token } = await addOperator(access.door, { name: 'vera', role: 'viewer', validDays: null }, 'test');
    await access.close();
    await writeWeights(dashboard.rollout.sql, { fal: 0.9, runware: 0.1 });
    page = await dashboard.open('/', { token });
    await heading('D1').waitFor();
    const rollback = page.getByRole('button', { name: 'Roll back now' });
    expect(await rollback.getAttribute('aria-disabled')).toBe('true');
    await rollback.click({ force: true });
    await page.getByRole('tooltip').filter({ hasText: 'Your role is viewer' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});

describe('a silent watchdog', () => {
  it('is said in red, with an age that the page counts itself', async () => {
    page = await dashboard.open();
    await page
      .getByText('watchdog: never ticked')
      .or(page.getByText(/^silent for/))
      .first()
      .waitFor();
    expect(await page.title()).not.toContain('· well ·');
  });
});
