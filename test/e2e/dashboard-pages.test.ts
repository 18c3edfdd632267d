import type { Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { overhang, violationsOn } from '../support/axe';
import { arrived, type TestDashboard, testDashboard } from '../support/dashboard';
import { leastMoved, mayMove, moved, watchShifts } from '../support/layout-shift';
import { backdate, logTraffic, writeWeights } from '../support/rollout';

const hostile = '=HYPERLINK("http://evil.example")<img src=x onerror="document.title=\'owned\'">';

let dashboard: TestDashboard;
let page: Page;
let entryId: number;
let incidentSeq: number;

beforeAll(async () => {
  dashboard = await testDashboard();
  const { sql, control } = dashboard.rollout;
  await sql.begin(async (tx) => {
    await tx`select set_config('sluice.verb', 'rollback', true)`;
    await tx`update feature_flags set flag_value_text = '{"fal":1,"runware":0}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  });
  await writeWeights(sql, { fal: 0.9, runware: 0.1 });
  await backdate(sql, 3600);
  await logTraffic(sql, { fromSecondsAgo: 3000, perMinute: 10, failEvery: 90 });
  await logTraffic(sql, { provider: 'fal', fromSecondsAgo: 3000, perMinute: 30, failEvery: 120 });
  await sql`insert into analytics_logs (event_type, event_data) values ('gen_route', ${sql.json({
    request_id: 'req-hostile',
    attempt: 1,
    provider: 'runware',
    latency_ms: 900,
    error: hostile,
    error_kind: 'server',
  })})`;
  await sql.begin(async (tx) => {
    await tx`select set_config('sluice.reason', ${hostile}, true), set_config('sluice.actor', 'operator:mallory', true)`;
    await tx`update feature_flags set flag_value_text = '{"fal":0.8,"runware":0.2}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  });
  await dashboard.rollout.tick();
  entryId = (await control.journal.list({ limit: 1, actor: 'operator:mallory' }))[0]?.id ?? 0;
  incidentSeq = (await control.journal.list({ limit: 1, verb: 'rollback' }))[0]?.seq ?? 0;
});
afterAll(async () => {
  await dashboard.close();
});
afterEach(async () => {
  await page?.context().close();
});

const pages = () => [
  '/',
  '/charts?window=1h',
  '/charts?window=1h&by=model',
  '/providers',
  '/journal',
  `/journal/${entryId}`,
  '/policy',
  '/settings',
  '/callers',
  '/models',
  '/splits',
  '/s/gen/compare',
  '/s/gen/requests',
  `/s/gen/requests/req-hostile?at=${new Date().toISOString()}`,
  `/s/gen/incidents/${incidentSeq}`,
];

/** Everything is there once the frame has data and the charts have drawn. */
async function settled(): Promise<void> {
  await page.getByText(/^(Live|实时)/).waitFor();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  if (/charts|incidents/.test(page.url())) await page.locator('[data-chart]').nth(4).waitFor();
}

describe('language', () => {
  it('follows the browser, is remembered, and a link may name it', async () => {
    page = await dashboard.open('/journal', { locale: 'zh-CN' });
    await page.getByRole('heading', { name: '日志', level: 1 }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.getByRole('button', { name: 'English' }).first().click();
    await page.getByRole('heading', { name: 'Journal', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Journal', level: 1 }).waitFor();
    await page.goto(`${dashboard.url}/policy?lang=zh-CN`);
    await page.getByRole('heading', { name: '策略', level: 1 }).waitFor();
    await page.goto(`${dashboard.url}/policy`);
    await page.getByRole('heading', { name: '策略', level: 1 }).waitFor();
    // What the server says follows as well, there and back.
    await page.goto(`${dashboard.url}/charts?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z`);
    await page
      .getByText(/不能晚于 to/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'English' }).first().click();
    await page
      .getByText(/must not be later than to/)
      .first()
      .waitFor();
  });
});

describe('theme', () => {
  it('follows the system, and a choice is remembered and there before the first paint', async () => {
    page = await dashboard.open('/', { colorScheme: 'dark' });
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe('dark');
    // On paper it is light, without what can only be pressed.
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.getByRole('main').getByRole('button').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await ground()).not.toBe(dark);
    expect(await page.getByRole('button').count()).toBe(0);
    await page.emulateMedia({ media: 'screen' });
    const button = page.getByRole('button', { name: /^Theme:/ }).first();
    await button.click();
    expect(await theme()).toBe('light');
    await page.addInitScript(() => {
      addEventListener('DOMContentLoaded', () => {
        document.documentElement.dataset.atFirst = document.documentElement.dataset.theme ?? 'none';
      });
    });
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset.atFirst)).toBe('light');
  });
});

describe('an address written by hand', () => {
  it('shows no other split and no other entry than it names', async () => {
    page = await dashboard.open('/s/Gen');
    for (const path of ['/s/Gen', '/s/%2e%2e%2f/policy']) {
      await page.goto(dashboard.url + path);
      await page.getByText(/^There is no split "/).waitFor();
    }
    await page.goto(`${dashboard.url}/s/gen/incidents/first`);
    await page.getByRole('heading', { level: 1, name: 'Nothing here' }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.goto(`${dashboard.url}/journal?verb=sold`);
    await page.getByText('No entry matches.').waitFor();
    expect(await page.getByRole('combobox', { name: /^What/ }).inputValue()).toBe('sold');
  });
});

describe('every page', () => {
  it.each(['light', 'dark'] as const)('has nothing for axe to find in %s', async (colorScheme) => {
    page = await dashboard.open('/', { colorScheme });
    for (const path of [...pages(), '/sign-in']) {
      await page.goto(dashboard.url + path);
      if (path !== '/sign-in') await settled();
      expect(await violationsOn(page), path).toEqual([]);
    }
  });

  it.each(['en-US', 'zh-CN'])('fits a phone of 360 px without scrolling sideways in %s', async (locale) => {
    page = await dashboard.open('/', { locale, viewport: { width: 360, height: 740 } });
    for (const path of pages()) {
      await page.goto(dashboard.url + path);
      await settled();
      expect(await overhang(page), path).toBeLessThanOrEqual(0);
      // The list of splits has a way to each split's own.
      if (path === '/splits') continue;
      const atTheThumb = async () => {
        const box = await page.getByRole('button', { name: /Roll back now|立即回退/ }).boundingBox();
        return box !== null && box.y > 600 && box.y + box.height < 700 && box.height >= 44;
      };
      await expect.poll(atTheThumb, { message: `${path}: at the thumb` }).toBe(true);
    }
  });

  it.each([
    ['without an alert', false],
    ['with an alert', true],
  ])('moves nothing that is already on the screen while it loads, %s', async (_name, isAlerted) => {
    const { alerts } = dashboard.rollout.control;
    const alert = { kind: 'events_doubted', key: 'here', params: {}, blocksAdvance: false } as const;
    if (isAlerted) await alerts.raise({ ...alert, detail: 'Somebody said so.' });
    // One that comes while a page loads may move it: here it stands before any is asked for.
    page = await dashboard.open(isAlerted ? '/' : '/sign-in');
    if (isAlerted) await page.getByText('Events come that are not believed').first().waitFor();
    await watchShifts(page);
    for (const path of pages()) {
      const { sum, what } = await leastMoved(async () => {
        await page.goto(dashboard.url + path);
        await settled();
        return moved(page);
      });
      expect(sum, `${path}: ${what.join('\n')}`).toBeLessThan(mayMove);
    }
    await alerts.resolve(alert.kind, alert.key);
  });

  it('shows hostile text as text', async () => {
    page = await dashboard.open(`/journal/${entryId}`);
    await page.getByText('=HYPERLINK("http://evil.example")<img').first().waitFor();
    await page.goto(`${dashboard.url}/charts?window=1h`);
    await page.getByText('=HYPERLINK("http://evil.example")<img').first().waitFor();
    expect(await page.title()).not.toContain('owned');
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });
});

describe('the overview', () => {
  it('is sent with little script', async () => {
    // A page without script, so that none is kept from before.
    page = await dashboard.open('/api/health');
    const scripts: Request[] = [];
    page.on('requestfinished', (request) => request.resourceType() === 'script' && scripts.push(request));
    await page.goto(`${dashboard.url}/`);
    await settled();
    const sizes = await Promise.all(scripts.map((request) => request.sizes()));
    const bytes = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(260_000);
  });

  it.each([
    ['en-US', 'Split, ordered and observed', /^Last 10/, 'Checklist', /^\d+ more requests?$/, 'Who watches'],
    ['zh-CN', '配置与实际分流', /^最近 10/, '检查清单', /^还差 \d+ 个请求$/, '值守'],
  ] as const)('says in %s what was observed before a change, and ticks no line on too little', async (...texts) => {
    const [locale, split, lately, checklist, more, watches] = texts;
    page = await dashboard.open('/', { locale, viewport: { width: 360, height: 740 } });
    await settled();
    const table = page.getByRole('region', { name: split }).getByRole('table');
    expect(await table.getByRole('columnheader').last().textContent()).toMatch(lately);
    const share = table.getByRole('row').filter({ hasText: 'runware' }).getByRole('cell').last();
    await expect.poll(async () => Number.parseFloat((await share.textContent()) ?? '')).toBeGreaterThan(10);
    const items = page.getByRole('region', { name: checklist }).getByRole('listitem');
    await items.getByText(more).first().waitFor();
    await page.locator('summary').filter({ hasText: watches }).click();
    expect(await overhang(page)).toBeLessThanOrEqual(0);
  });
});

describe('the charts', () => {
  it('keep the window and the metric in the address, and have a table behind each', async () => {
    page = await dashboard.open('/charts?window=15m&metric=failure_rate');
    await settled();
    await page.getByRole('radio', { name: '6h' }).click();
    await arrived(page, /window=6h/);
    expect(page.url()).toContain('metric=failure_rate');
    const chart = page.getByRole('region', { name: 'Failure rate', exact: true });
    await chart.getByText('Show as a table').click();
    await expect.poll(() => chart.getByRole('columnheader').allTextContents()).toEqual(['UTC', 'fal', 'runware']);
    await expect.poll(() => chart.getByRole('row').count()).toBeGreaterThan(10);
    await page.getByText('red line 2%').first().waitFor();
  });

  it('zoom where one drags, on all at once, and lead back; or show exact times, or this stage', async () => {
    page = await dashboard.open('/charts?window=1h');
    await settled();
    const chart = page.getByRole('region', { name: 'Failure rate', exact: true });
    const box = await chart.locator('[data-zoom]').boundingBox();
    if (!box) throw new Error('the chart has no box');
    const [x, y] = [box.x + box.width * 0.8, box.y + box.height / 2];
    await page.mouse.move(x, y);
    const shown = page.locator('[data-crosshair]:visible');
    await expect.poll(() => shown.count()).toBeGreaterThanOrEqual(5);
    // What the words say stands in the table, too.
    const words = await chart.locator('[data-crosshair] p').allTextContents();
    expect(words).toEqual([
      expect.stringMatching(/:\d\d UTC$/),
      expect.stringMatching(/^fal/),
      expect.stringMatching(/^runware/),
    ]);
    const [time = '', ...figures] = words;
    await chart.getByText('Show as a table').click();
    const row = chart.getByRole('row').filter({ hasText: `${time.slice(-12, -4)}Z` });
    await row.waitFor();
    const cells = await row.getByRole('cell').allTextContents();
    expect(figures.map((figure) => figure.replace(/^(fal|runware)/, ''))).toEqual(cells);
    await chart.getByText('Show as a table').click();
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 100, y, { steps: 3 });
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(page.url()).not.toContain('from=');
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 100, y, { steps: 3 });
    await page.mouse.up();
    await arrived(page, /window=1h.*from=.*to=/);
    const times = () => [...new URL(page.url()).searchParams.values()].slice(1).map((at) => Date.parse(at));
    const [from = 0, to = 0] = times();
    expect((to - from) / 1000).toBeGreaterThan(300);
    expect((to - from) / 1000).toBeLessThan(1500);
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Back to 1h' }).click();
    await expect.poll(() => page.url()).not.toContain('from=');
    await page.getByRole('button', { name: 'Exact times' }).press('Enter');
    await page.getByLabel('From (UTC)').fill(new Date(from).toISOString().slice(0, 19));
    await page.getByLabel('To (UTC)').fill(new Date(from - 1000).toISOString().slice(0, 19));
    await page.getByRole('button', { name: 'Show', exact: true }).press('Enter');
    await page
      .getByText(/must not be later than to/)
      .first()
      .waitFor();
    await page.getByRole('radio', { name: 'This stage' }).press('Enter');
    await expect.poll(() => new URL(page.url()).search).toBe('?window=stage');
    const shares = page.getByRole('region', { name: 'Share of requests' });
    await shares.getByText('Show as a table').click();
    const header = () => shares.getByRole('columnheader').allTextContents();
    await expect.poll(header).toEqual(['UTC', 'runware', 'runware ordered']);
    expect(await shares.getByRole('row').nth(1).getByRole('cell').last().textContent()).toBe('20%');
  });
});

describe('without a mouse', () => {
  it('the arrow keys say what each chart says, + goes in, and a finger leaves its figures standing', async () => {
    page = await dashboard.open('/charts?window=1h', { hasTouch: true });
    await settled();
    const chart = page.getByRole('region', { name: 'Failure rate', exact: true });
    const hand = chart.getByRole('slider', { name: 'Read Failure rate' });
    const shown = page.locator('[data-crosshair]:visible');
    await hand.press('Home');
    await hand.press('ArrowRight');
    expect(await hand.getAttribute('aria-valuenow')).toBe('1');
    expect(await hand.getAttribute('aria-valuetext')).toMatch(/ UTC, fal \S+, runware \S+, red line 2%$/);
    await expect.poll(() => shown.count()).toBeGreaterThanOrEqual(4);
    await hand.press('Escape');
    await expect.poll(() => shown.count()).toBe(0);
    await hand.tap();
    await expect.poll(() => shown.count()).toBeGreaterThanOrEqual(4);
    await page.getByRole('heading', { level: 1 }).tap();
    await expect.poll(() => shown.count()).toBe(0);
    await hand.press('+');
    await arrived(page, /window=1h.*from=.*to=/);
    // Half an hour is an hour again; what the reader's clock is off is cut from neither.
    const spanSeconds = () => {
      const [from = 0, to = 0] = ['from', 'to'].map((name) =>
        Date.parse(new URL(page.url()).searchParams.get(name) ?? ''),
      );
      return (to - from) / 1000;
    };
    const inside = spanSeconds();
    await hand.press('-');
    await expect.poll(spanSeconds).toBeGreaterThan(inside * 1.9);
  });
});

describe('the journal', () => {
  it('filters by who and what, and gives the same rows as CSV', async () => {
    page = await dashboard.open('/journal');
    await page.getByLabel('Who', { exact: true }).fill('operator:mallory');
    await page.getByRole('button', { name: 'Filter' }).click();
    await arrived(page, /actor=operator/);
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    const stream = await download.createReadStream();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const csv = Buffer.concat(chunks).toString('utf8');
    expect(csv.charCodeAt(0)).toBe(0xfeff);
    expect(csv).toContain('operator:mallory');
    expect(csv).toContain("'=HYPERLINK");
    expect(csv.trim().split('\r\n')).toHaveLength(2);
  });
});

describe('the policy', () => {
  it('says what it would have done, and is saved with a reason', async () => {
    // However long the tests before this one took, a line is crossed now.
    await logTraffic(dashboard.rollout.sql, { fromSecondsAgo: 240, perMinute: 10, failEvery: 2 });
    page = await dashboard.open('/policy');
    const field = page.getByLabel('p95 latency: Breach');
    await field.fill('7500');
    await page.getByLabel('Cost per image: Once held').selectOption('signal');
    await page.getByLabel('A cause that both providers share').selectOption('act');
    await page.getByLabel(/^Early warning from/).fill('10');
    // Loaded anew, the form has it all still, until it is undone, and then for good.
    await page.reload();
    await page.getByText('Your changes from before the page was loaded anew are here again.').waitFor();
    expect(await field.inputValue()).toBe('7500');
    await page.getByRole('button', { name: 'Undo changes' }).click();
    await page.reload();
    await field.waitFor();
    expect(await field.inputValue()).not.toBe('7500');
    await field.fill('7500');
    await page.getByLabel('Cost per image: Once held').selectOption('signal');
    await page.getByLabel('A cause that both providers share').selectOption('act');
    await page.getByLabel(/^Early warning from/).fill('10');
    await page.getByRole('combobox', { name: 'What would this have done?' }).selectOption('1');
    const whatIf = page.getByRole('region', { name: 'What would this have done?' });
    await whatIf.getByRole('button', { name: 'Run' }).click();
    await page.getByText(/It would (not )?have rolled back/).waitFor();
    await page.getByRole('button', { name: 'Save policy…' }).click();
    await page
      .getByRole('dialog')
      .getByLabel(/^Reason/)
      .fill('tighter for the weekend');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    // That is shown, and wants a word.
    await page.getByRole('dialog').getByText('With this policy:').waitFor();
    const anyway = page.getByRole('dialog').getByRole('button', { name: 'Save all the same' });
    expect(await anyway.isDisabled()).toBe(true);
    await page.getByRole('dialog').getByLabel('Type save').fill('save');
    await anyway.click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText(/^Version \d+ judges\.$/).waitFor();
    expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('sluice.')))).toEqual(
      [],
    );
    await page.getByText('tighter for the weekend').waitFor();
    const { policy } = await dashboard.rollout.control.flags.readPolicy();
    expect(policy.redLines.find(({ metric }) => metric === 'p95_latency_ms')?.limit).toBe(7500);
    expect(policy).toMatchObject({ sharedCause: 'act', warningTolerance: 0.1 });
    expect(policy.redLines.map(({ action }) => action)).toEqual(['rollback', 'rollback', 'signal', 'rollback']);
  });
});

describe('signing in', () => {
  it('is asked for, leads back, and tells a wrong token so', async () => {
    page = await dashboard.open('/charts?window=6h', { token: null });
    await arrived(page, /sign-in\?next=/);
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(/token/i).nth(1).waitFor();
    await page.getByLabel('Token').fill('slt-test-admin-token-0123456789abcdef');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await arrived(page, /\/charts\?window=6h/);
  });

  it('hears what was typed, or filled in by the browser, before its script has come', async () => {
    page = await dashboard.open('/api/health', { token: null });
    let come = () => {};
    const script = new Promise<void>((resolve) => {
      come = resolve;
    });
    await page.route(/\/_next\/static\/.*\.js/, async (route) => {
      await script;
      await route.continue();
    });
    const loaded = page.goto(`${dashboard.url}/sign-in`);
    await page.getByLabel('Token').fill('slt-test-admin-token-0123456789abcdef');
    come();
    await loaded;
    await page.getByRole('button', { name: 'Sign in' }).click();
    await arrived(page, /\/$/);
  });

  it('by mail is not offered where no directory of people is set up', async () => {
    page = await dashboard.open('/sign-in', { token: null });
    await page.getByText('With a name and password instead').waitFor();
    expect(await page.getByText('With an email address instead').count()).toBe(0);
  });
});
