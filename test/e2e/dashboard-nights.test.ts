import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addOperator } from '@/lib/access/operators';
import { openAccessAt } from '@/lib/process/build-access';
import { overhang, violationsOn } from '../support/axe';
import { type TestDashboard, testDashboard } from '../support/dashboard';
import { writeWeights } from '../support/rollout';
import { saysWhy } from '../support/says-why';

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

function cut(): void {
  dashboard.network.accept = 'reset';
  dashboard.network.reset();
}

function freeze(): void {
  dashboard.network.accept = 'hang';
  dashboard.network.freezeOpen();
}

describe('with the database away', () => {
  it.each([
    ['refusing connections', () => cut(), true],
    ['silent', () => freeze(), false],
  ])(
    '%s: keeps the last data under a stale stripe, and a rollback says what became of it',
    async (_, break_, isSaid) => {
      await writeWeights(dashboard.rollout.sql, { fal: 0.9, runware: 0.1 });
      page = await dashboard.open();
      await heading('D1').waitFor();
      break_();
      // Marked within three seconds, and one more for a busy machine; nothing on the page says that it is live.
      await page.getByText(/^Stale: this is what was true/).waitFor({ timeout: 4000 });
      expect(await page.getByText(/^Live/).count()).toBe(0);
      await page
        .getByText(/^Last known:/)
        .first()
        .waitFor();
      // Neither a countdown that nothing follows nor a way that is not open; what may be tried says how it will go.
      if (isSaid) {
        await page.getByText(/^Since .+ Until it is back nothing advances/).waitFor();
        const dead = { description: 'The database does not answer: nothing can be written until it is back.' };
        await page.getByRole('button', { name: /^Advance to D2/, ...dead }).waitFor();
        await page.getByRole('button', { name: 'Pause…', ...dead }).waitFor();
        await page
          .getByRole('button', { name: 'Roll back now', description: /this will fail until it is back/ })
          .waitFor();
      }
      expect(await violationsOn(page)).toEqual([]);
      // Nothing is green that nobody knows.
      const colour = (name: string) =>
        page
          .locator(`main .${name}`)
          .first()
          .evaluate((one) => getComputedStyle(one).color);
      await expect.poll(async () => (await colour('text-good')) === (await colour('text-muted'))).toBe(true);
      expect(await heading('D1').isVisible()).toBe(true);
      await page.getByRole('button', { name: 'Roll back now' }).click();
      if (isSaid) await page.getByRole('dialog').getByText('npm run sluice -- rollback --yes').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Roll back now' }).click();
      // Within three seconds there is a word, and the ways back that need neither this page nor its server.
      const told = page.getByRole('dialog').getByRole('alert');
      await told.filter({ hasText: /No answer after 3 seconds|Not rolled back|No answer:/ }).waitFor({ timeout: 6000 });
      await page.getByText('update feature_flags set flag_value_text = \'{"fal":1,"runware":0}\'').waitFor();
      await page.getByText('npm run sluice -- rollback --yes').waitFor();
      await told.filter({ hasText: /Try again; rolling back twice does no harm/ }).waitFor();
      expect(await dashboard.rollout.stage()).toBe('D1');
      dashboard.network.accept = 'pass';
      const again = page.getByRole('dialog').getByRole('button', { name: 'Try again' });
      await expect
        .poll(
          async () => {
            if (await again.isVisible()) await again.click({ timeout: 1000 }).catch(() => undefined);
            return dashboard.rollout.stage();
          },
          { timeout: 30_000, interval: 1000 },
        )
        .toBe('rolled_back');
      await heading('Rolled back').waitFor();
      await page.getByText(/^Stale: this is what was true/).waitFor({ state: 'detached' });
    },
  );
});

describe('a page that is opened with the database away', () => {
  it('says so instead of waiting, and goes on by itself when it is back', async () => {
    await writeWeights(dashboard.rollout.sql, { fal: 0.9, runware: 0.1 });
    page = await dashboard.open();
    await heading('D1').waitFor();
    cut();
    await page.reload();
    await heading('The database does not answer').waitFor({ timeout: 6000 });
    await page.getByText('Requests go on by the weights that each process knew last').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(await page.getByText(/^Live/).count()).toBe(0);
    dashboard.network.accept = 'pass';
    await heading('D1').waitFor();
    await page.goto(`${dashboard.url}/s/nowhere`);
    await heading('There is no such page').waitFor();
    expect(await page.getByRole('button', { name: 'Roll back now' }).count()).toBe(0);
  });
});

describe('a viewer', () => {
  it('sees everything, and each button that is off says why', async () => {
    const access = openAccessAt(dashboard.rollout.database.url, {
      ...{ supabaseUrl: null, supabaseKey: null },
      ...{ publicUrl: null, allowPrivateWebhooks: false },
    });
    const { token } = await addOperator(access.identities, { name: 'vera', role: 'viewer', validDays: null }, 'test');
    await access.close();
    await writeWeights(dashboard.rollout.sql, { fal: 0.9, runware: 0.1 });
    page = await dashboard.open('/', { token });
    await heading('D1').waitFor();
    const rollback = page.getByRole('button', { name: 'Roll back now' });
    expect(await rollback.getAttribute('aria-disabled')).toBe('true');
    await saysWhy(rollback, 'Your role is viewer');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});

describe('before the first rollout', () => {
  it('shows the next steps, each ticked by the system, on a phone too', async () => {
    const fresh = await testDashboard({ weights: { fal: 1, runware: 0 } });
    try {
      page = await fresh.open('/', { viewport: { width: 360, height: 740 } });
      const steps = page.getByRole('region', { name: 'Before the first rollout' });
      await steps.getByText('Requests arrive').waitFor();
      expect(await steps.getByRole('listitem').count()).toBe(7);
      expect((await steps.boundingBox())?.height).toBeLessThan(640);
      // No bar lies over it that could do nothing.
      const bar = page.getByRole('button', { name: 'Roll back now' });
      await expect.poll(() => bar.count()).toBe(0);
      const channel = steps.getByRole('link', { name: 'Alerts go somewhere' });
      await page.goto(`${fresh.url}/s/gen`);
      expect(await channel.getAttribute('href')).toBe('/settings');
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await steps.getByRole('button', { name: /^Copy.*Requests arrive/ }).click();
      await steps.getByText('Copied').waitFor();
      const line = await page.evaluate(() => navigator.clipboard.readText());
      expect(line).toContain(`curl -s ${fresh.url}/api/generate -H`);
      expect(await overhang(page)).toBeLessThanOrEqual(0);
      expect(await violationsOn(page)).toEqual([]);
    } finally {
      await fresh.close();
    }
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
