import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '@/lib/api/snapshot';
import { addSplit as addRelay } from '../gateway/splits/add-split';
import { overhang, violationsOn } from '../support/axe';
import { arrived, type TestDashboard, testDashboard } from '../support/dashboard';
import { leastMoved, mayMove, moved, watchShifts } from '../support/layout-shift';
import { jobRow } from '../support/polled-jobs';
import { addProvider } from '../support/relay-rows';
import { addSplit, backdateSplit, logSplitTraffic, writeSplit } from '../support/splits';
import { addVideoSplit } from '../support/video-split';

const key = 'CLIP_PROVIDER_WEIGHTS';
const started = { old: 0.8, new: 0.1, small: 0.1 };

let dashboard: TestDashboard;
let page: Page;
const jobs = { running: '', blocked: '' };

/** Fifty minutes of a rollout of two candidates; `new` failed twice half an hour ago, which is over its line and not for a whole hold. */
beforeAll(async () => {
  dashboard = await testDashboard();
  const { sql } = dashboard.rollout;
  await addSplit(sql, { key, slug: 'clip', arms: { old: 'fal', new: 'runware', small: 'fal' } });
  await writeSplit(sql, key, started);
  await backdateSplit(sql, key, 3000);
  const seconds = 2900;
  await logSplitTraffic(sql, { split: key, arm: 'old', provider: 'fal', seconds, perMinute: 80, failEvery: 200 });
  await logSplitTraffic(sql, { split: key, arm: 'new', provider: 'runware', seconds, perMinute: 10, failEvery: 0 });
  await logSplitTraffic(sql, { split: key, arm: 'small', provider: 'fal', seconds, perMinute: 10, failEvery: 0 });
  const bad = { split: key, arm: 'new', provider: 'runware', perMinute: 1, failEvery: 1 };
  await logSplitTraffic(sql, { ...bad, seconds: 120, endedSecondsAgo: 1800 });
  // A split of jobs that was taken back: what runs at its candidate is followed to its end.
  await addVideoSplit(sql, { old: 1, new: 0 });
  // Two accounts behind a prefix: their providers are no cards, for nothing of them is measured where images are.
  await addProvider(sql, 'gathered', 'http://127.0.0.1:1', { dialect: 'kling', path_prefix: '/kling' });
  const relayed = { old: ['gathered', null], new: ['gathered', null] } as const;
  await addRelay(sql, {
    ...{ key: 'KLING_WEIGHTS', slug: 'kling', kind: 'relay', prefixes: ['/kling'], arms: relayed },
    ...{ policy: false, weights: null },
  });
  const job = (change: object) =>
    jobRow(sql, 'http://127.0.0.1:1', {
      provider: 'runware',
      adapter: 'runware',
      arm: 'new',
      assigned: 'new',
      ...change,
    });
  const upstream_id = 'at-runware-1';
  jobs.running = await job({ state: 'running', caller: 'shop', upstream_id, dueInMs: 3_600_000, ageMs: 240_000 });
  jobs.blocked = await job({
    provider: 'fal',
    adapter: 'fal',
    arm: 'old',
    assigned: 'old',
    blocked: 'fal has no key',
    dueInMs: 3_600_000,
  });
});
afterAll(() => dashboard.close());
beforeEach(async () => {
  await writeSplit(dashboard.rollout.sql, key, started);
});
afterEach(() => page?.context().close());

const arms = () => page.getByRole('region', { name: 'Arms', exact: true });
const dialog = () => page.getByRole('dialog');
const heading = (text: string) => page.getByRole('heading', { level: 1 }).filter({ hasText: text });
const read = async () => (await (await page.request.get(`${dashboard.url}/api/splits/clip`)).json()) as Snapshot;
const weights = async () => (await read()).weights;

describe('the list of splits', () => {
  it('says of each what comes next and how much goes through, and is searched', async () => {
    page = await dashboard.open('/');
    const table = page.getByRole('table');
    await expect.poll(() => table.getByRole('row').count()).toBe(5);
    const clip = table.getByRole('row').filter({ hasText: 'clip' });
    await clip.getByText(/D2 may begin in|Needs a look|Rolls back in/).waitFor();
    await clip.getByText(/^D1/).waitFor();
    const perMinute = Number(await clip.getByRole('cell').nth(-2).textContent());
    expect(perMinute).toBeGreaterThan(50);
    await page.getByRole('searchbox', { name: 'Search splits' }).fill('clip');
    await expect.poll(() => table.getByRole('row').count()).toBe(2);
    await page.getByRole('button', { name: /^At rest/ }).click();
    await page.getByText('No split matches.').waitFor();
  });

  it('is live in four tabs at once, of the six connections that a browser has', async () => {
    page = await dashboard.open('/');
    await page.getByText(/^Live/).waitFor();
    for (const _ of [2, 3, 4]) {
      const tab = await page.context().newPage();
      await tab.goto(dashboard.url);
      await tab.getByRole('table').getByRole('row').nth(4).waitFor();
      await tab.getByText(/^Live/).waitFor();
    }
  });

  it('hears of a change by its stream, and is marked as stale within three seconds', async () => {
    page = await dashboard.open('/');
    const clip = page.getByRole('table').getByRole('row').filter({ hasText: 'clip' });
    await clip.getByText('20%', { exact: true }).waitFor();
    await clip.getByText('on new, small', { exact: true }).waitFor();
    await page.getByText(/^Live/).waitFor();
    // From here on nothing that it asks for is answered.
    await page.route(/\/api\/splits$/, (route) => route.abort());
    await writeSplit(dashboard.rollout.sql, key, { old: 0.7, new: 0.2, small: 0.1 });
    await clip.getByText('30%', { exact: true }).waitFor();
    await page.getByText(/^Live/).waitFor();
    dashboard.network.accept = 'hang';
    dashboard.network.freezeOpen();
    try {
      // Three seconds, and one more for a busy machine.
      await page.getByText(/^Stale: this is what was true/).waitFor({ timeout: 4000 });
      expect(await page.getByText(/^Live/).count()).toBe(0);
      await clip.getByText('30%', { exact: true }).waitFor();
    } finally {
      dashboard.network.accept = 'pass';
      dashboard.network.reset();
    }
    await page.unroute(/\/api\/splits$/);
    await page.getByText(/^Live/).waitFor();
  });
});

describe('one arm of several', () => {
  it('is rolled back alone, and re-armed with a reason', async () => {
    page = await dashboard.open('/s/clip');
    await arms().getByRole('button', { name: 'Roll back new…' }).click();
    await dialog().getByText('old 90% · new 0% · small 10%').waitFor();
    await dialog().getByRole('button', { name: 'Roll back new', exact: true }).click();
    await heading('D1 without new').waitFor();
    expect(await weights()).toEqual({ old: 0.9, new: 0, small: 0.1 });
    const [rolledBack] = await dashboard.rollout.sql`
      select j.verb, j.reason from sluice.journal j where j.flag_key = ${key} order by j.seq desc limit 1`;
    expect(rolledBack).toEqual({ verb: 'rollback', reason: 'new rolled back from the dashboard' });
    await dashboard.rollout.tick();
    await expect.poll(async () => (await read()).seen_by_all).toBe(true);
    await arms().getByRole('button', { name: 'Re-arm new…' }).click();
    const confirm = dialog().getByRole('button', { name: 'Re-arm new', exact: true });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog().getByText('old 80% · new 10% · small 10%').waitFor();
    await dialog()
      .getByLabel(/^Reason/)
      .fill('the vendor mended it');
    await confirm.click();
    await dialog().waitFor({ state: 'detached' });
    await arms().getByRole('button', { name: 'Roll back new…' }).waitFor();
    expect(await weights()).toEqual(started);
  });

  it('that is re-armed against a closed gate says which, and goes on as an override', async () => {
    page = await dashboard.open('/s/clip');
    await arms().getByRole('button', { name: 'Roll back small…' }).click();
    await dialog().getByRole('button', { name: 'Roll back small', exact: true }).click();
    await heading('D1 without small').waitFor();
    await dashboard.rollout.age(600);
    await arms().getByRole('button', { name: 'Re-arm small…' }).click();
    await dialog()
      .getByLabel(/^Reason/)
      .fill('measured elsewhere');
    await dialog().getByRole('button', { name: 'Re-arm small', exact: true }).click();
    await dialog()
      .getByText(/watchdog/i)
      .first()
      .waitFor();
    await dialog()
      .getByRole('checkbox', { name: /although gates are closed/ })
      .check();
    await dialog().getByRole('button', { name: 'Override and re-arm small' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await weights()).toEqual(started);
  });

  it('has no buttons of its own where it is the only candidate', async () => {
    page = await dashboard.open('/s/gen');
    await heading('D1').waitFor();
    expect(await arms().count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Roll back/ }).allTextContents()).toEqual(['Roll back now']);
  });
});

describe('the pages of a split with two candidates', () => {
  it('name the candidate in each tile and each line of the checklist', async () => {
    page = await dashboard.open('/s/clip');
    await page.getByRole('region', { name: 'new: Failure rate' }).waitFor();
    await page.getByRole('region', { name: 'small: Failure rate' }).waitFor();
    const items = await page
      .getByRole('region', { name: /^Checklist/ })
      .getByRole('listitem')
      .allTextContents();
    expect(items.filter((item) => item.includes('Failures within their line'))).toEqual([
      expect.stringMatching(/^new: /),
      expect.stringMatching(/^small: /),
    ]);
    expect(items.some((item) => item.includes('Every arm’s provider well'))).toBe(true);
  });

  it('draw each arm in a colour of its own, and shade whose breach it was', async () => {
    page = await dashboard.open('/s/clip/charts?window=1h');
    const chart = page.getByRole('region', { name: 'Failure rate', exact: true });
    await chart.locator('[data-line]').nth(2).waitFor({ state: 'attached' });
    const lines = await chart
      .locator('path[data-line]')
      .evaluateAll((each) =>
        each.map((line) => [line.getAttribute('stroke'), (line.getAttribute('d') ?? '').length > 20]),
      );
    expect(lines).toEqual([
      ['var(--series-baseline)', true],
      ['var(--series-candidate)', true],
      ['var(--series-candidate-2)', true],
    ]);
    await chart.getByText(/^Over the line: new \d+m/).waitFor();
    expect(await chart.locator('rect[fill="var(--series-candidate)"]').count()).toBe(1);
    await page.getByRole('radio', { name: '6h' }).click();
    await arrived(page, /\/s\/clip\/charts\?window=6h/);
  });

  it('compare each candidate with the baseline, and add up the arms of a provider', async () => {
    page = await dashboard.open('/s/clip/providers');
    const comparison = page.getByRole('region', { name: 'Comparison' });
    await comparison.getByRole('heading', { name: 'new against old' }).waitFor();
    await comparison.getByRole('heading', { name: 'small against old' }).waitFor();
    expect(await comparison.getByRole('table').count()).toBe(2);
    const fal = page.getByRole('region', { name: 'fal', exact: true });
    await fal.getByText('90%', { exact: true }).waitFor();
    expect(await fal.getByRole('list', { name: 'Arms' }).getByRole('listitem').count()).toBe(2);
  });

  it('lead to whole APIs where they are of relays: by which prefix, in which dialect, and where', async () => {
    page = await dashboard.open('/s/clip/providers');
    const relay = page.getByRole('region', { name: 'Relays' }).getByRole('row', { name: /gathered/ });
    await relay.getByText('http://127.0.0.1:1/kling', { exact: true }).waitFor();
    await relay.getByText('kling', { exact: true }).waitFor();
    await relay.getByRole('link', { name: 'old of kling' }).waitFor();
    await page.goto(`${dashboard.url}/splits`);
    await page.getByRole('row', { name: /kling/ }).getByText('/kling', { exact: true }).waitFor();
  });

  it('have jobs where they are of jobs: what runs, what drains, what is blocked and what happened to one', async () => {
    page = await dashboard.open('/s/clip');
    const pages = page.getByRole('navigation', { name: 'Pages' });
    await pages.getByRole('link', { name: 'Policy' }).waitFor();
    expect(await pages.getByRole('link', { name: 'Jobs' }).count()).toBe(0);
    await page.goto(`${dashboard.url}/s/film`);
    await page.getByText(/^1 still runs on new, oldest \d+m/).waitFor();
    // Beside the share over time, accepted and ended apart.
    const band = page.getByRole('region', { name: 'Jobs of the last 1h, by arm' }).getByRole('listitem');
    await band
      .filter({ hasText: 'new' })
      .getByText(/^in flight, oldest \d+m/)
      .waitFor();
    expect(await band.first().textContent()).toMatch(/^old1in flight.*accepted, last 1h.*of them completed.*failed$/);
    await page.getByRole('link', { name: 'All jobs' }).click();
    await arrived(page, /\/s\/film\/jobs$/);
    const table = page.getByRole('table', { name: 'Jobs', exact: true });
    await expect.poll(() => table.getByRole('row').count()).toBe(3);
    await page.getByLabel('State').selectOption('blocked');
    await arrived(page, /\?state=blocked$/);
    await expect.poll(() => table.getByRole('row').count()).toBe(2);
    await table.getByText('fal has no key').waitFor();
    await page.goto(`${dashboard.url}/s/film/jobs?caller=shop&arm=new`);
    await table.getByRole('link', { name: jobs.running.slice(0, 8) }).click();
    await page.getByRole('heading', { level: 1, name: `Job ${jobs.running.slice(0, 8)}` }).waitFor();
    const story = page.getByRole('region', { name: 'What happened' });
    await story.getByText('Accepted by runware').waitFor();
    await story.getByText('at-runware-1').waitFor();
    await page.getByRole('button', { name: 'Cancel job…' }).click();
    await dialog().getByRole('button', { name: 'Cancel job', exact: true }).click();
    await story.getByText('Cancellation asked for').waitFor();
    const [row] = await dashboard.rollout.sql`
      select cancel_asked_at is not null as asked from sluice.jobs where id = ${jobs.running}`;
    expect(row).toEqual({ asked: true });
  });

  it.each([360, 1280])('of jobs move nothing that is on the screen while they load, %i px wide', async (width) => {
    page = await dashboard.open('/sign-in', { viewport: { width, height: 740 } });
    await watchShifts(page);
    const pages = [
      ['/s/film', page.getByText(/still runs on new/)],
      ['/s/film/jobs', page.getByRole('table', { name: 'Jobs', exact: true }).getByRole('row').nth(2)],
      [`/s/film/jobs/${jobs.blocked}`, page.getByRole('region', { name: 'What happened' })],
      ['/s/film/policy', page.getByText(/old enough to go by/)],
    ] as const;
    for (const [path, loaded] of pages) {
      const { sum, what } = await leastMoved(async () => {
        await page.goto(dashboard.url + path);
        await page.getByText(/^Live/).waitFor();
        await loaded.first().waitFor();
        return moved(page);
      });
      expect(sum, `${path}: ${what.join('\n')}`).toBeLessThan(mayMove);
    }
  });

  it('foretell on the policy page when it is known how jobs end, and what would be enough', async () => {
    page = await dashboard.open('/s/film/policy');
    const preflight = page.getByRole('region', { name: 'Preflight' });
    await preflight
      .getByText(/^No job of the baseline is old enough to go by\. Assumed: half are done after 150s/)
      .waitFor();
    const row = preflight.getByRole('row', { name: /^D1/ });
    expect(await row.getByText('never').count()).toBe(3);
    await preflight
      .getByText(/^D1 never opens the next: .* Make the windows \d.* long(?:, or its share \d+%)?\.$/)
      .waitFor();
  });

  it.each([
    ['light', 'en-US'],
    ['dark', 'zh-CN'],
  ] as const)('have nothing for axe to find in %s, and fit 360 px in %s', async (colorScheme, locale) => {
    page = await dashboard.open('/s/clip', { colorScheme, locale, viewport: { width: 360, height: 740 } });
    const film = ['/s/film', '/s/film/policy', '/s/film/jobs', `/s/film/jobs/${jobs.blocked}`];
    const clip = ['/s/clip', '/s/clip/charts?window=1h', '/s/clip/providers', '/s/clip/policy'];
    for (const path of [...clip, ...film, '/splits', '/']) {
      await page.goto(dashboard.url + path);
      await page.getByText(/^(Live|实时)/).waitFor();
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      if (path.includes('/charts')) await page.locator('[data-chart]').nth(4).waitFor();
      expect(await overhang(page), path).toBeLessThanOrEqual(0);
      expect(await violationsOn(page), path).toEqual([]);
    }
  });

  it('count jobs as jobs, and say where they are archived that nothing can be done there', async () => {
    const { sql } = dashboard.rollout;
    await sql`update sluice.splits set is_default = false where key = 'FILM_WEIGHTS'`;
    page = await dashboard.open('/s/film');
    await page.getByText('No jobs in the last 5m.', { exact: true }).first().waitFor();
    await sql`update sluice.splits set archived_at = now() where key = 'FILM_WEIGHTS'`;
    await page.getByText('This split is archived').waitFor();
    await page.getByText('npm run sluice -- splits unarchive film').waitFor();
  });
});

describe('seven candidates of long names', () => {
  it('fit a phone and a desk, in the list and on their own page', async () => {
    const { sql, controls } = dashboard.rollout;
    const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].map((name) => `candidate-of-runware-${name}`);
    const arm = (name: string, provider: string) => ({ name, provider, model: null, params: {} });
    const { key: split } = await controls.registry.newSplit(
      {
        ...{ slug: 'wide', label: 'Wide', kind: 'image', baseline: arm('old', 'fal') },
        candidates: names.map((name) => arm(name, 'runware')),
      },
      { actor: 'operator:ann', reason: 'seven at once' },
    );
    await writeSplit(sql, split, { old: 0.3, ...Object.fromEntries(names.map((name) => [name, 0.1])) });
    await backdateSplit(sql, split, 300);
    for (const arm of names)
      await logSplitTraffic(sql, { split, arm, provider: 'runware', seconds: 250, perMinute: 6, failEvery: 9 });
    page = await dashboard.open('/', { viewport: { width: 1280, height: 800 } });
    for (const path of ['/', '/s/wide']) {
      await page.goto(dashboard.url + path);
      await page
        .getByText(/candidate-of-runware-seven/)
        .filter({ visible: true })
        .first()
        .waitFor();
      // The last of all that is found stays in sight when the keys come to it.
      await page.setViewportSize({ width: 1280, height: 500 });
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').press('ArrowUp');
      const last = page.getByRole('option', { selected: true });
      const isSeen = (option: Element) => {
        const { x, y } = option.getBoundingClientRect();
        return option.contains(document.elementFromPoint(x + 9, y + 9));
      };
      await expect.poll(() => last.evaluate(isSeen)).toBe(true);
      await page.keyboard.press('Escape');
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 });
        await expect.poll(() => overhang(page), { message: `${path}, ${width} px` }).toBeLessThanOrEqual(0);
      }
    }
  });
});
