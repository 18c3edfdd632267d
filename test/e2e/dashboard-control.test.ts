import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { overhang, violationsOn } from '../support/axe';
import { arrived, type TestDashboard, testDashboard } from '../support/dashboard';
import { leastMoved, mayMove, moved, watchShifts } from '../support/layout-shift';
import { backdate, healthyStage, logTraffic, writeWeights } from '../support/rollout';
import { saysWhy } from '../support/says-why';

let dashboard: TestDashboard;
let page: Page;

beforeAll(async () => {
  dashboard = await testDashboard();
});
afterAll(async () => {
  await dashboard.close();
});

/** D1 from the start, whatever the test before left. */
beforeEach(async () => {
  const { sql } = dashboard.rollout;
  await sql`truncate analytics_logs, sluice.bucket_deltas, sluice.buckets, sluice.minutes`;
  await writeWeights(sql, { fal: 1, runware: 0 });
  await sql`delete from sluice.alerts`;
  await sql`delete from sluice.ticks`;
  await writeWeights(sql, { fal: 0.9, runware: 0.1 });
});
afterEach(async () => {
  await stopTicking();
  await page?.context().close();
});

let isWatched = false;
let watching = Promise.resolve();

/** A watchdog that is not silent, however long the test takes. */
function keepTicking(): void {
  isWatched = true;
  const watch = async () => {
    while (isWatched) {
      await dashboard.rollout.tick();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  watching = watch();
}

async function stopTicking(): Promise<void> {
  isWatched = false;
  await watching;
}

/** A D1 that may be left, and goes on to be. */
async function watchedStage(): Promise<void> {
  await healthyStage(dashboard.rollout);
  keepTicking();
}

const stage = () => dashboard.rollout.stage();
const heading = (text: string | RegExp) => page.getByRole('heading', { level: 1 }).filter({ hasText: text });
const dialog = () => page.getByRole('dialog');

async function openAdvance(target: string): Promise<void> {
  await page.getByRole('button', { name: `Advance to ${target}…` }).click();
  await dialog().waitFor();
}

describe('the overview', () => {
  it('says where we are, whether it is well, what is next and how to stop it, without scrolling', async () => {
    await watchedStage();
    page = await dashboard.open();
    await heading('D1').waitFor();
    await page
      .getByText('the red lines are clear')
      .or(page.getByText(/all 4 red lines are clear/i))
      .first()
      .waitFor();
    expect(await page.locator('[aria-current="step"]').textContent()).toContain('D1');
    for (const name of [
      'Where the rollout is',
      'Next',
      'Share over time',
      'p95 latency',
      'Failure rate',
      'Cost per image',
    ]) {
      const box = await page.getByRole('region', { name, exact: true }).boundingBox();
      expect(box && box.y + box.height, name).toBeLessThanOrEqual(800);
    }
    await page.getByRole('button', { name: 'Roll back now' }).waitFor();
    expect(await page.title()).toMatch(/^D1 10% · .+ · Sluice$/);
    expect(await page.getByText('Sandbox', { exact: true }).isVisible()).toBe(true);
  });
});

describe('a breach', () => {
  it('counts down to its rollback by itself, and is the first of the tiles', async () => {
    const { rollout } = dashboard;
    await backdate(rollout.sql, 3600);
    await logTraffic(rollout.sql, { fromSecondsAgo: 900, toSecondsAgo: 100, perMinute: 30 });
    await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 900, perMinute: 60 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 100, perMinute: 60, failEvery: 2 });
    await rollout.tick();
    page = await dashboard.open();
    await page.getByText('Rolls back by itself in').waitFor();
    const left = async () => {
      const [minutes = 0, seconds = 0] = ((await page.getByRole('timer').textContent()) ?? '').split(':').map(Number);
      return minutes * 60 + seconds;
    };
    const first = await left();
    expect(first).toBeGreaterThan(60);
    expect(first).toBeLessThanOrEqual(300);
    await expect.poll(left).toBeLessThan(first);
    const names = await page.getByRole('heading', { level: 2 }).allTextContents();
    expect(names.indexOf('Failure rate')).toBeLessThan(names.indexOf('p95 latency'));
    // The page itself is the alert; on the others it is a banner.
    expect(await page.getByText('A breach has begun').count()).toBe(0);
    keepTicking();
    await page.getByRole('link', { name: 'Policy' }).click();
    // What ticks stands beside what a screen reader says: that is said once.
    // Another alert that comes folds it away.
    const attached = { state: 'attached' } as const;
    const alert = page.locator('[role="alert"]').filter({ hasText: /^A breach has begun: Failure rate/ });
    await alert.getByText(/It rolls back by itself at .+, if it stays\./).waitFor(attached);
    expect(await alert.locator('[role="timer"]').count()).toBe(0);
    expect(await alert.textContent()).not.toContain('over for');
    await page.getByText(/^Failure rate is .+; over for .+ of 5m\.$/).waitFor(attached);
    const timer = page.locator('[role="timer"]').filter({ hasText: /^in \d:\d\d$/ });
    await timer.waitFor(attached);
    // Without a watchdog nobody would.
    await stopTicking();
    await rollout.sql`delete from sluice.ticks`;
    await timer.waitFor({ state: 'detached' });
    expect(await alert.textContent()).not.toContain('rolls back');
  });
});

describe('advancing', () => {
  it('takes the typed name of the stage', async () => {
    await watchedStage();
    page = await dashboard.open();
    await page.getByText('Every gate is open.').waitFor();
    await openAdvance('D2');
    const confirm = dialog().getByRole('button', { name: 'Advance to D2' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog().getByRole('textbox').first().fill('d2');
    expect(await confirm.isDisabled()).toBe(true);
    await dialog().getByRole('textbox').first().fill('D2');
    await confirm.click();
    await heading('D2').waitFor();
    expect(await stage()).toBe('D2');
  });

  it('shows every blocker, and goes on only as an override with a reason', async () => {
    page = await dashboard.open();
    // It looks closed and says which gate is, and opens all the same.
    const advance = page.getByRole('button', {
      name: 'Advance to D2…',
      description: /^\d of \d+ conditions met; \d not yet, first: The watchdog has (never|not) ticked/,
    });
    await advance.waitFor();
    expect(await advance.getAttribute('aria-disabled')).toBeNull();
    // What is met and what is not are all of them, here and in the list.
    const counted = await page.getByText(/^\d of \d+ conditions met; \d not yet/).textContent();
    const [met = 0, all = 0, unmet = 0] = (counted ?? '').match(/\d+/g)?.map(Number) ?? [];
    expect([met > 0, unmet > 0, met + unmet]).toEqual([true, true, all]);
    await page.getByText(`${met} of ${all} met`).first().waitFor();
    await openAdvance('D2');
    await dialog()
      .getByText(/has been observed for/)
      .waitFor();
    await dialog()
      .getByText(/of the 150 requests/)
      .waitFor();
    const [typed, reason] = [dialog().getByRole('textbox').first(), dialog().getByLabel(/^Reason/)];
    await typed.fill('D2');
    expect(await dialog().getByRole('button', { name: 'Advance to D2' }).isDisabled()).toBe(true);
    await dialog().getByRole('checkbox').check();
    const confirm = dialog().getByRole('button', { name: 'Override and advance to D2' });
    expect(await confirm.isDisabled()).toBe(true);
    await reason.fill('measured elsewhere <b>twice</b>');
    await confirm.click();
    await heading('D2').waitFor();
    const [last] = await dashboard.rollout.control.journal.list({ limit: 1 });
    expect(last).toMatchObject({ verb: 'override', reason: 'measured elsewhere <b>twice</b>', stage_to: 'D2' });
  });

  it('by a stale tab tells who moved it, when and what is different', async () => {
    await watchedStage();
    page = await dashboard.open();
    await page.getByText('Every gate is open.').waitFor();
    // A tab that slept: it has read the state, and hears nothing of what comes next.
    await page.route(/\/api\/stream$/, (route) => route.abort());
    await page.reload();
    await page.getByText('Every gate is open.').waitFor();
    await openAdvance('D2');
    await dialog().getByRole('textbox').first().fill('D2');
    await page.route(/\/api\/rollout$/, (route) => route.abort());
    await writeWeights(dashboard.rollout.sql, { fal: 1, runware: 0 });
    await dialog().getByRole('button', { name: 'Advance to D2' }).click();
    await dialog().getByText('Somebody was faster: nothing was written.').waitFor();
    await dialog()
      .getByText(/sql:.* changed it/)
      .waitFor();
    await dialog()
      .getByText(/You decided on version \d+; it is version \d+ now/)
      .waitFor();
    await dialog().getByText('fal 100% · runware 0%').first().waitFor();
    expect(await stage()).toBe('rolled_back');
  });

  it('in a dialog that is open hears of the change at once', async () => {
    await watchedStage();
    page = await dashboard.open();
    await page.getByText('Every gate is open.').waitFor();
    await openAdvance('D2');
    await dialog().getByRole('textbox').first().fill('D2');
    await writeWeights(dashboard.rollout.sql, { fal: 1, runware: 0 });
    await dialog().getByText('Somebody was faster: nothing was written.').waitFor();
    expect(
      await dialog()
        .getByRole('button', { name: /dvance to D2/ })
        .isDisabled(),
    ).toBe(true);
  });
});

describe('pausing', () => {
  it('stops the advance, says who and why on every page, and resumes', async () => {
    page = await dashboard.open();
    await page.getByRole('button', { name: 'Pause…' }).click();
    const reason = () => dialog().getByLabel(/^Reason/);
    await reason().fill('given up');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Pause…' }).click();
    expect(await reason().inputValue()).toBe('');
    await reason().fill('waiting for the night');
    // The tab is loaded anew, or comes back from a crash: the dialog has what was written, and says so until it is changed.
    await page.reload();
    await page.getByRole('button', { name: 'Pause…' }).click();
    await dialog().getByText('You wrote this before the page was loaded anew.').waitFor();
    expect(await reason().inputValue()).toBe('waiting for the night');
    await reason().fill('waiting for the night shift');
    await dialog().getByText('You wrote this before').waitFor({ state: 'detached' });
    // The session ends meanwhile: what was written stays, and is sent after signing in beside it.
    await page.context().clearCookies();
    const way = dialog().getByRole('link', { name: 'Sign in in another tab; what you have written stays here.' });
    await way.first().waitFor();
    const beside = await page.context().newPage();
    await beside.goto(dashboard.url + (await dashboard.signInLink()));
    await way.first().waitFor({ state: 'detached' });
    await beside.close();
    await dialog().getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText(/^Paused by /).waitFor();
    expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('sluice.')))).toEqual(
      [],
    );
    await page.getByText(/waiting for the night shift/).waitFor();
    await page.getByRole('link', { name: 'Policy' }).click();
    await page.getByText(/“waiting for the night shift” · Nothing advances until someone resumes it/).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText(/^Paused by .+: “waiting for the night shift”/).waitFor();
    expect(await page.getByRole('button', { name: 'Roll back now' }).getAttribute('aria-disabled')).toBeNull();
    await page.getByRole('button', { name: 'Resume…' }).click();
    await dialog().getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByText(/^Paused by /).waitFor({ state: 'detached' });
  });
});

describe('rolling back', () => {
  it('takes one click and one confirm; then re-arming with a reason opens D1 again', async () => {
    page = await dashboard.open();
    await heading('D1').waitFor();
    await page.getByRole('button', { name: 'Roll back now' }).click();
    await dialog().getByRole('button', { name: 'Roll back now' }).click();
    await heading('Rolled back').waitFor();
    expect(await stage()).toBe('rolled_back');
    // Whether what everything goes to now is well.
    await page.getByText(/^fal, last 5m: [\d.]+% of the \d+ sent failed\.$/).waitFor();
    await page.getByRole('button', { name: 'Re-arm…' }).first().click();
    const confirm = dialog().getByRole('button', { name: 'Re-arm', exact: true });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog()
      .getByLabel(/^Reason/)
      .fill('the vendor fixed it');
    await confirm.click();
    await page.getByRole('button', { name: 'Advance to D1…' }).waitFor();
    expect(await stage()).toBe('baseline');
    await dashboard.rollout.tick();
    // Not as before the first rollout: who re-armed it and why, and what it had fallen from.
    await page
      .getByText(
        /^Re-armed by operator:admin at .+, after the rollback from D1 10% at .+ \(.+\)\. Starts again at D1\.$/,
      )
      .waitFor();
    await page.getByText('“the vendor fixed it”').waitFor();
    await page.getByText('Start D1 again, 10%').waitFor();
    await page.getByRole('link', { name: /^fell from D1 10% · / }).waitFor();
    await expect.poll(() => page.title()).toContain('re-armed');
    // Nobody is on the candidate any more, as every instance knows.
    const rollback = page.getByRole('button', { name: 'Roll back now' });
    await expect.poll(() => rollback.getAttribute('aria-disabled')).toBe('true');
    await saysWhy(rollback, 'Nothing to roll back: 0% goes to runware.');
    await writeWeights(dashboard.rollout.sql, { fal: 0.999, runware: 0.001 });
    await expect.poll(() => rollback.getAttribute('aria-disabled')).toBeNull();
    expect(await page.getByText(/^Re-armed by/).count()).toBe(0);
  });

  it('works by keyboard alone, as advancing does', async () => {
    await watchedStage();
    page = await dashboard.open();
    await page.getByText('Every gate is open.').waitFor();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const tabTo = async (name: RegExp) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
        if (name.test(focused)) return;
      }
      throw new Error(`No Tab reaches ${name}`);
    };
    await tabTo(/^Advance to D2/);
    await press('Enter');
    await dialog().waitFor();
    const typed = dialog().getByRole('textbox').first();
    while (!(await typed.evaluate((input) => input === document.activeElement))) await press('Tab');
    await press('D', '2', 'Enter');
    await heading('D2').waitFor();
    await page.keyboard.press('Escape');
    await tabTo(/^Roll back now/);
    await press('Enter');
    await dialog().waitFor();
    await press('Enter');
    await heading('Rolled back').waitFor();
    expect(await stage()).toBe('rolled_back');
  });

  it('by the watchdog appears by itself within 2 s of its commit, and explains itself', async () => {
    const { rollout } = dashboard;
    await backdate(rollout.sql, 3600);
    await logTraffic(rollout.sql, { fromSecondsAgo: 900, perMinute: 60, failEvery: 3 });
    await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 900, perMinute: 60 });
    page = await dashboard.open();
    await heading('D1').waitFor();
    const outcome = await rollout.tick();
    expect(outcome).toMatchObject({ result: 'decided' });
    await heading('Rolled back').waitFor({ timeout: 2000 });
    await page.getByText('The watchdog rolled back').waitFor();
    // Of then, above, and of now, below.
    await page.getByText(/^At the rollback: Failure rate was 33.*line > 2%/).waitFor();
    const tile = page.getByRole('region', { name: 'Failure rate', exact: true });
    await tile.getByText(/runware has no share now/).waitFor();
    await page.getByText(/Top errors:/).waitFor();
    await page.getByText(/^fell from D1 10% · .+ · Failure rate$/).waitFor();
    expect(await page.title()).toContain('rolled back');
    await page.getByRole('link', { name: 'Read why' }).click();
    await arrived(page, /\/s\/gen\/incidents\/\d+$/);
    await page.getByRole('heading', { level: 1, name: 'runware was rolled back' }).waitFor();
    // Each of its failures since a window before the breach, and none was rescued.
    const harm = page.getByRole('region', { name: 'Who was hurt' });
    const hurt = async () => Number(await harm.locator('.text-2xl').first().textContent());
    await expect.poll(hurt).toBeGreaterThan(100);
    await page.getByRole('table', { name: 'Failing requests by kind and model' }).getByText('provider_5xx').waitFor();
    await page.getByRole('region', { name: 'Failure rate', exact: true }).locator('[data-chart]').waitFor();
    // It stays until both are done; an alert of something else may come at any time.
    const waiting = page.locator('[role="alert"]').filter({ hasText: 'The watchdog rolled back' });
    await waiting.waitFor();
    const steps = page.getByRole('region', { name: 'How to go on' });
    await steps.getByRole('button', { name: 'Acknowledge and re-arm…' }).click();
    const confirm = dialog().getByRole('button', { name: 'Acknowledge and re-arm' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog()
      .getByLabel(/^Reason/)
      .fill('the vendor mended it');
    await confirm.click();
    await dialog().waitFor({ state: 'detached' });
    await steps.getByText(/^Re-armed by/).waitFor();
    await steps.getByRole('button', { name: 'Advance to D1' }).waitFor();
    expect(await stage()).toBe('baseline');
    const [alert] =
      await rollout.sql`select acknowledge_reason as reason from sluice.alerts where kind = 'rolled_back' order by id desc limit 1`;
    expect(alert).toEqual({ reason: 'the vendor mended it' });
    await waiting.waitFor({ state: 'detached' });
  });
});

describe('every state of a rollout', () => {
  /** In both themes and on both screens: nothing for axe, nothing over the edge, and little that moves while it loads. */
  async function looksWell(state: string, told: RegExp): Promise<void> {
    const load = async () => {
      await page.goto(`${dashboard.url}/s/gen`);
      await page.getByText(told).first().waitFor();
      await page.getByText(/^(Live|实时)/).waitFor();
      return moved(page);
    };
    // Now the server knows the state too, which a test wrote past it.
    await load();
    // An alert that comes while it loads may move what is there; the next time it stands there from the beginning.
    const { sum, what } = await leastMoved(load);
    expect(sum, `${state}: ${what.join('\n')}`).toBeLessThan(mayMove);
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [1280, 'dark'],
      [360, 'dark'],
      [360, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      expect(await overhang(page), `${state}, ${width} px`).toBeLessThanOrEqual(0);
      expect(await violationsOn(page), `${state}, ${width} px, ${colorScheme}`).toEqual([]);
    }
  }

  it('has nothing for axe to find, fits a phone and stands still, and marks that touch are one button', async () => {
    const { rollout } = dashboard;
    const verb = async (name: string, reason = 'looking at it') => {
      const version = await rollout.version();
      const headers = { 'if-match': `"${version}"`, origin: dashboard.url };
      const answer = await page.request.post(`${dashboard.url}/api/rollout/${name}`, { data: { reason }, headers });
      expect(answer.status(), await answer.text()).toBeLessThan(300);
    };
    page = await dashboard.open('/sign-in');
    await watchShifts(page);
    await watchedStage();
    await looksWell('healthy', /red lines are clear/);
    await verb('pause');
    await looksWell('paused', /^Well, and paused by/);
    await verb('resume');
    // On 360 px: a pause and its end, seconds apart.
    const gathered = page.getByText('2 entries of the journal', { exact: true });
    await gathered.first().waitFor({ state: 'attached' });
    await logTraffic(rollout.sql, { fromSecondsAgo: 260, perMinute: 60, failEvery: 2 });
    await rollout.age(600);
    await rollout.tick();
    await looksWell('breach', /^Rolls back by itself in/);
    await page.locator('summary').filter({ has: gathered }).click();
    const entry = page.getByRole('link', { name: / resumed? by operator:admin$/ });
    const list = await page.getByRole('list').filter({ has: entry }).last().boundingBox();
    expect(list?.x).toBeGreaterThanOrEqual(0);
    expect((list?.x ?? 0) + (list?.width ?? 999)).toBeLessThanOrEqual(360);
    expect(await violationsOn(page), 'the marks, opened').toEqual([]);
    await verb('rollback');
    await looksWell('rolled back', /Nothing advances until someone re-arms/);
    await verb('rearm');
    await looksWell('re-armed', /^Re-armed by operator:admin/);
  });
});

describe('a card for a chat', () => {
  it('is copied as a link, which shows a picture to who is not signed in', async () => {
    page = await dashboard.open('/', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Copy card link' }).click();
    await page.getByText(/^Copied: a picture of this split/).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(/^http.*\/s\/gen\/card\.png\?token=/);
    const shown = await fetch(link);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await shown.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
    expect((await fetch(link.replace(/token=.*/, 'token=x'))).status).toBe(401);
  });
});

describe('the keys', () => {
  it('find a page, say themselves, and press what is on it; whoever writes is left alone', async () => {
    await watchedStage();
    page = await dashboard.open();
    await heading('D1').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('jour');
    // While signs are chosen among, these keys are the input method's.
    for (const key of ['Enter', 'Escape'])
      await page
        .getByRole('combobox')
        .evaluate(
          (field, key) =>
            field.dispatchEvent(
              new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true }),
            ),
          key,
        );
    expect(await page.getByRole('combobox').inputValue()).toBe('jour');
    await page.keyboard.press('Enter');
    await arrived(page, /\/journal$/);
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await heading('D1').waitFor();
    await page.keyboard.press('?');
    await dialog().getByText('Roll back now: asks once').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    await dialog().getByText('Roll back', { exact: false }).first().waitFor();
    await page.getByRole('textbox', { name: /Reason/ }).fill('g o r ?');
    await page.keyboard.press('Control+Enter');
    await heading(/Rolled back/).waitFor();
    expect(await stage()).toBe('rolled_back');
    const [entry] = await dashboard.rollout.control.journal.list({ limit: 1, verb: 'rollback' });
    expect(entry?.reason).toBe('g o r ?');
    const focused = () => page.evaluate(() => document.activeElement?.closest('button')?.textContent ?? 'no button');
    await expect.poll(focused).toContain('Roll back now');
    // Clicked, and by the palette: the focus goes back to where it came from, and not before the next dialog is done with.
    await page.getByRole('button', { name: 'Re-arm…' }).last().click();
    await page.keyboard.press('Escape');
    await expect.poll(focused).toContain('Re-arm…');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('re-arm');
    await page.keyboard.press('Enter');
    await dialog()
      .getByLabel(/^Reason/)
      .waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null)).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(focused).toContain('Re-arm…');
  });
});
