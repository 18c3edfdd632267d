import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { arrived, type TestDashboard, testDashboard } from '../support/dashboard';
import { type Receiver, startReceiver } from '../support/receiver';
import { writeWeights } from '../support/rollout';
import { saysWhy } from '../support/says-why';

let dashboard: TestDashboard;
let receiver: Receiver;
let page: Page;

beforeAll(async () => {
  receiver = await startReceiver();
  dashboard = await testDashboard({ env: { SLUICE_ALLOW_PRIVATE_WEBHOOKS: '1' } });
});
afterAll(async () => {
  await dashboard.close();
  await receiver.close();
});
afterEach(async () => {
  await page?.context().close();
});

const region = (name: string) => page.getByRole('region', { name, exact: true });
const dialog = () => page.getByRole('dialog');

describe('alert channels', () => {
  it('are added, tried with a test message that says what became of it, and removed', async () => {
    page = await dashboard.open('/settings');
    const channels = region('Alert channels');
    await channels.getByText('No channel: alerts go nowhere.').waitFor();
    await channels.getByLabel('Address (https)').fill('ftp://example.com/hook');
    await channels.getByRole('button', { name: 'Add channel' }).click();
    await channels.getByText(/The channel was not added/).waitFor();
    await channels.getByLabel('Address (https)').fill(`${receiver.url}?token=hidden`);
    await channels.getByLabel('Signing secret (optional)').fill('a-long-secret');
    await channels.getByLabel('Name (optional)').fill('on call');
    await channels.getByLabel('What is told there').selectOption('some');
    await channels.getByRole('checkbox', { name: 'A breach has begun' }).uncheck();
    await channels.getByRole('button', { name: 'Add channel' }).click();
    const send = channels.getByRole('button', { name: /^Send a test message/ });
    await send.click();
    await channels.getByText('The channel took the message.').waitFor();
    // That was none: a test says nothing of last night's alerts.
    await channels.getByText('no alert was delivered yet').waitFor();
    await channels.getByText('on call', { exact: true }).waitFor();
    await channels.getByText('only: Rolled back', { exact: true }).waitFor();
    await channels.getByText(/^Told nowhere: A breach has begun/).waitFor();
    expect(receiver.letters).toHaveLength(1);
    expect(await page.content()).not.toMatch(/token=hidden|a-long-secret/);
    receiver.status = 500;
    await send.click();
    await channels.getByText(/^Not delivered: .*500/).waitFor();
    await channels.getByRole('button', { name: /^Remove/ }).click();
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await channels.getByText('No channel: alerts go nowhere.').waitFor();
  });
});

describe('an invite', () => {
  it('is a link that works once: its person chooses a password, in Chinese too, and signs in by name', async () => {
    page = await dashboard.open('/settings');
    const operators = region('Operators');
    await operators.getByLabel('Name').fill('wu');
    await operators.getByRole('button', { name: 'Invite', exact: true }).press('Enter');
    await operators.getByText('The link for wu, shown this once; it works once').waitFor();
    const link = (await operators.locator('code').textContent()) ?? '';
    await operators.getByRole('button', { name: 'Revoke invite: wu' }).waitFor();
    const theirs = await dashboard.open(link.replace(dashboard.url, ''), { token: null, locale: 'zh-CN' });
    await theirs.getByText('您在这里的名称是').waitFor();
    await theirs.getByLabel('设置密码').fill('aaaaaaaaaaaaa');
    await theirs.getByRole('button', { name: '设置密码并登录' }).click();
    await theirs.getByText('未作更改：密码只重复了几个字符，请改用更长的短语。').waitFor();
    await theirs.getByLabel('设置密码').fill('correct horse battery');
    await theirs.getByLabel('设置密码').press('Enter');
    await theirs.getByText('实时').first().waitFor();
    // A password of one's own is changed by who knows it.
    await theirs.goto(`${dashboard.url}/settings`);
    const own = theirs.getByRole('region', { name: '您的密码' });
    await own.getByLabel('现有密码').fill('not the one I have');
    await own.getByLabel('新密码').fill('another long phrase');
    await own.getByRole('button', { name: '修改密码' }).click();
    await own.getByText('未作更改：现有密码不正确。').waitFor();
    await own.getByLabel('现有密码').fill('correct horse battery');
    await own.getByLabel('新密码').press('Enter');
    await own.getByText('已修改。').waitFor();
    // As a link is opened: by a load of its own.
    await theirs.goto('about:blank');
    await theirs.goto(link);
    await theirs.getByText('邀请未知、已过期、已撤销或已使用').waitFor();
    await theirs.getByRole('link', { name: '以其他方式登录' }).click();
    await theirs.getByText('改用名称和密码').click();
    await theirs.getByLabel('名称').fill('wu');
    await theirs.getByLabel('密码', { exact: true }).first().fill('wrong horse battery');
    await theirs.getByRole('button', { name: '用名称登录' }).click();
    await theirs.getByText('名称或密码不正确。').waitFor();
    await theirs.context().close();
  });
});

describe('operators', () => {
  it('are added with a token that is shown once and opens the door, until it is revoked', async () => {
    page = await dashboard.open('/settings');
    const operators = region('Operators');
    await operators.getByLabel('Name').fill('vera');
    await operators.getByLabel('Role').selectOption('viewer');
    await operators.getByLabel('How').selectOption('token');
    await operators.getByRole('button', { name: 'Add operator' }).click();
    await operators.getByText('The token of vera, shown this once').waitFor();
    const token = (await operators.locator('code').textContent()) ?? '';
    await page.reload();
    await operators.getByText('vera').waitFor();
    expect(await page.content()).not.toContain(token);

    const hers = await dashboard.open('/settings', { token });
    await hers.getByText('Your role is viewer; alert channels and operators need an admin.').waitFor();
    expect(await hers.getByRole('button', { name: 'Write weights…' }).getAttribute('aria-disabled')).toBe('true');

    await operators.getByRole('button', { name: 'Revoke: vera' }).click();
    await dialog().getByRole('button', { name: 'Revoke' }).click();
    await operators.getByText(/^revoked/).waitFor();
    await hers.reload();
    await arrived(hers, /sign-in/);
    await hers.context().close();
  });
});

describe('a one-time sign-in link', () => {
  it('opens the door once, and says so the second time', async () => {
    const path = await dashboard.signInLink();
    page = await dashboard.open(path, { token: null });
    await page.getByRole('heading', { level: 1 }).filter({ hasText: 'D1' }).waitFor();
    expect(page.url()).not.toContain('link=');
    const other = await dashboard.open(path, { token: null });
    await other.getByText('That did not open the door.').waitFor();
    await other.context().close();
  });
});

describe('weights by hand', () => {
  it('go down freely with a reason, and up only past the gates', async () => {
    await writeWeights(dashboard.rollout.sql, { fal: 0.9, runware: 0.1 });
    page = await dashboard.open('/settings');
    const weights = region('Weights by hand');
    const share = () => weights.getByLabel('Share of runware, percent');
    const write = weights.getByRole('button', { name: 'Write weights…' });
    await share().fill('140');
    await saysWhy(write, 'Shares are 0 to 100');
    await share().fill('5');
    await weights.getByText('fal 95%').waitFor();
    await write.click();
    const confirm = dialog().getByRole('button', { name: 'Write weights' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog()
      .getByLabel(/^Reason/)
      .fill('half a step down');
    await confirm.click();
    await dialog().waitFor({ state: 'detached' });
    await weights.getByText('now fal 95% · runware 5%').waitFor();
    expect(await dashboard.rollout.stage()).toBe('custom');

    await share().fill('10');
    await write.click();
    await dialog()
      .getByLabel(/^Reason/)
      .fill('measured elsewhere');
    await confirm.click();
    await dialog()
      .getByText(/gates? (is|are) closed/)
      .first()
      .waitFor();
    await dialog().getByRole('checkbox').check();
    await dialog().getByRole('button', { name: 'Override and write weights' }).click();
    await dialog().waitFor({ state: 'detached' });
    await expect.poll(() => dashboard.rollout.stage()).toBe('D1');
    const [last] = await dashboard.rollout.control.journal.list({ limit: 1 });
    expect(last).toMatchObject({ verb: 'override', reason: 'measured elsewhere' });
    await weights.getByText('now fal 90% · runware 10%').waitFor();

    // Another operator moves it: what was typed for the weights before is in the form no more, nor in what it would write.
    await share().fill('30');
    await weights.getByText('fal 70%').waitFor();
    await write.click();
    await writeWeights(dashboard.rollout.sql, { fal: 1, runware: 0 });
    await page.getByText('now fal 100% · runware 0%').waitFor({ state: 'attached' });
    // What one is asked about stays what it was.
    expect(await dialog().getByText('fal 70% · runware 30%').count()).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => share().inputValue()).toBe('0');
    await expect.poll(() => write.getAttribute('aria-disabled')).toBe('true');
    await writeWeights(dashboard.rollout.sql, { fal: 0.9, runware: 0.1 });
  });
});

describe('the policy', () => {
  it('is rearranged in the form, which says at the field what the database would, and shows before and after', async () => {
    page = await dashboard.open('/policy');
    const [lines, stages] = ['Red lines', 'Stages'].map((name) => page.getByRole('region', { name, exact: true }));
    const fault = page.getByText('policy.redLines[1].limit is 1.4; it must be a share above 0 and below 1').first();
    await page.getByLabel('Failure rate: Breach').fill('140');
    await fault.waitFor();
    // In the reader's language, and back.
    await page.getByRole('button', { name: '中文' }).first().click();
    await fault.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'English' }).first().click();
    await fault.waitFor();
    const save = page.getByRole('button', { name: 'Save policy…' });
    expect(await save.getAttribute('aria-disabled')).toBe('true');
    await page.getByLabel('Failure rate: Breach').fill('3');
    await fault.waitFor({ state: 'detached' });

    const preflight = page.getByRole('region', { name: 'Preflight' });
    await preflight.getByRole('button', { name: 'Run' }).click();
    await preflight.getByRole('row').nth(1).waitFor();
    expect(await preflight.getByText('stale').count()).toBe(0);
    await stages?.getByRole('button', { name: 'Add a stage' }).click();
    // It is called as no other is, and the hand goes to its name.
    const added = stages?.locator(':focus');
    expect(await added?.inputValue()).toBe('D2b');
    await added?.fill('Canary');
    await preflight.getByText('stale').waitFor();
    const up = stages?.getByRole('button', { name: 'Canary: move up' });
    await up?.press('Enter');
    await page
      .getByText(/^policy\.stages\[\d\]\.weights gives runware .* it must be more than/)
      .first()
      .waitFor();
    expect(await up?.evaluate((button) => button === document.activeElement)).toBe(true);
    await stages?.getByRole('button', { name: 'Canary: move down' }).press('Enter');
    await stages?.getByRole('button', { name: 'D1: remove' }).click();
    await lines?.getByRole('button', { name: 'Cost per image: remove' }).click();
    await lines?.getByLabel('Add a red line').selectOption('Cost per image');
    await lines?.getByLabel('Cost per image: measured in').selectOption('USD');
    await save.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('removed', { exact: true }).waitFor();
    await dialog.getByText('> $0.01 · window 1h, hold 10m · rolls back').waitFor();
    await dialog.getByLabel(/^Reason/).fill('another plan');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { policy } = await dashboard.rollout.control.flags.readPolicy();
    expect(policy.stages.map(({ name }) => name)).toEqual(['D2', 'Canary', 'D3']);
    expect(policy.redLines.at(-1)).toMatchObject({ metric: 'cost_per_image', limit: 0.01, timesBaseline: null });

    // A second version, and back to the first by way of the form.
    await page.getByText(/^Version \d+ judges\.$/).waitFor();
    await page.getByLabel('Requests needed per stage').fill('200');
    await save.click();
    await dialog.getByText(/^150\s*→\s*becomes 200$/).waitFor();
    await dialog.getByLabel(/^Reason/).fill('surer');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const history = page.getByRole('region', { name: 'History' });
    await history.getByText('surer').click();
    await history.getByText(/^150\s*→\s*becomes 200$/).waitFor();
    await history.getByText('another plan').click();
    await history.getByRole('button', { name: /^Load version \d+ into the form/ }).click();
    await history.getByText(/is in the form now; nothing is saved yet/).waitFor();
    const needed = page.getByLabel('Requests needed per stage');
    expect(await needed.inputValue()).toBe('150');

    // A session that ends takes nothing that is not saved, whatever else the page has asked meanwhile.
    await needed.fill('175');
    const whatIf = page.getByRole('region', { name: 'What would this have done?' });
    await whatIf.getByRole('button', { name: 'Run' }).click();
    await whatIf.getByRole('status').filter({ hasText: /\S/ }).waitFor();
    await page.context().clearCookies();
    const way = page.getByRole('link', { name: 'Sign in in another tab; what you have written stays here.' });
    await way.first().waitFor();
    expect(await needed.inputValue()).toBe('175');
    const beside = await page.context().newPage();
    await beside.goto(dashboard.url + (await dashboard.signInLink()));
    await way.first().waitFor({ state: 'detached' });
    await beside.close();
    await save.click();
    await dialog.getByLabel(/^Reason/).fill('surer by less');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.context().clearCookies();
    await arrived(page, /\/sign-in/);
  });

  it('that another saves meanwhile takes nothing that one has written, and asks whose to go on from', async () => {
    page = await dashboard.open('/policy');
    const needed = page.getByLabel('Requests needed per stage');
    await needed.fill('181');
    const path = `${dashboard.url}/api/policy`;
    const { version, policy } = await (await page.request.get(path)).json();
    const theirs = { policy: { ...policy, maxPinned: 0.04 }, reason: 'fewer pinned', confirm: true };
    const headers = { 'if-match': `"${version}"`, origin: dashboard.url };
    expect((await page.request.put(path, { data: theirs, headers })).status()).toBe(200);
    const save = page.getByRole('button', { name: 'Save policy…' });
    const send = async () => {
      await dialog()
        .getByLabel(/^Reason/)
        .fill('surer');
      await dialog().getByRole('button', { name: 'Save' }).click();
    };
    await save.click();
    await send();
    await dialog()
      .getByText(/version \d+/)
      .waitFor();
    await page.keyboard.press('Escape');
    const note = page.getByRole('status').filter({ hasText: /^Version \d+ was saved meanwhile; your changes are not/ });
    await note.getByText(/^5%\s*→\s*becomes 4%$/).waitFor();
    // Nor does a page that is loaded anew.
    await page.reload();
    await note.getByText(/^5%\s*→\s*becomes 4%$/).waitFor();
    expect(await needed.inputValue()).toBe('181');
    await note.getByRole('button', { name: 'Keep my form' }).click();
    await note.waitFor({ state: 'detached' });
    await save.click();
    // Theirs would be undone, and that is shown.
    await dialog()
      .getByText(/^4%\s*→\s*becomes 5%$/)
      .waitFor();
    await send();
    await dialog().waitFor({ state: 'detached' });
    await expect.poll(async () => (await dashboard.rollout.control.flags.readPolicy()).policy.minRequests).toBe(181);
  });

  it('fits 360 px in Chinese', async () => {
    page = await dashboard.open('/policy', { viewport: { width: 360, height: 740 }, locale: 'zh-CN' });
    await page.getByRole('button', { name: '添加阶段' }).click();
    const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(wide).toBeLessThanOrEqual(screen ?? 0);
  });
});
