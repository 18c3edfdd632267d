import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Sql } from '@/lib/postgres/sql';
import { seedRollout } from '../screenshots/seed';
import { figure } from './report';
import { quantile } from './statistics';

/** As a phone of the middle class, beside the machine that measures. */
const throttling = 4;
/** What a browser calls long. */
const longMs = 50;
const steps = 60;
const writes = 10;
const betweenMs = 1_000;
const settleMs = 3_000;
const quietMs = 12_000;

declare global {
  var sluiceLongTasks: number[] | undefined;
}

/** What happened, how many tasks were over 50 ms meanwhile, the longest of them and their 95th percentile. */
type TaskRow = readonly [what: string, tasks: number, longest: string, p95: string];

/** An hour of traffic, the processor four times slower: the page of a split while it changes, the charts under a hand. */
export async function benchLongTasks(page: Page, url: string, sql: Sql): Promise<TaskRow[]> {
  await seedRollout(sql);
  const rows: TaskRow[] = [];
  const during = async (what: string, happens: () => Promise<unknown>) => {
    await wait(settleMs);
    const tasks = await longTasksOf(page, happens);
    const longest = tasks.length === 0 ? 'none' : figure(Math.max(...tasks));
    rows.push([what, tasks.length, longest, tasks.length === 0 ? 'none' : figure(quantile(tasks, 0.95))]);
  };
  await page.goto(url);
  await page.getByText(/^Live/).waitFor();
  await during(`a split, ${quietMs / 1000} s without a change`, () => wait(quietMs));
  await during(`a split, ${writes} writes of its weights`, () => writeSome(sql));
  for (const window of ['1h', '10d']) {
    await page.goto(`${url}/charts?window=${window}`);
    await page.locator('.recharts-line').nth(5).waitFor();
    await during(`metrics of ${window}, ${quietMs / 1000} s`, () => wait(quietMs));
    await during(`metrics of ${window}, the crosshair over ${steps} steps`, () => sweep(page));
  }
  return rows;
}

async function longTasksOf(page: Page, happens: () => Promise<unknown>): Promise<readonly number[]> {
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    const tasks: number[] = [];
    globalThis.sluiceLongTasks = tasks;
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) tasks.push(task.duration);
    }).observe({ type: 'longtask' });
  });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: throttling });
  await happens();
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  // The last of them is told a frame later.
  await wait(betweenMs);
  const tasks = await page.evaluate(() => globalThis.sluiceLongTasks ?? []);
  await devtools.detach();
  return tasks.filter((ms) => ms > longMs);
}

async function writeSome(sql: Sql): Promise<void> {
  for (let step = 1; step <= writes; step++) {
    const share = step / 100;
    const text = JSON.stringify({ fal: 1 - share, runware: share });
    await sql`
      update public.feature_flags set flag_value_text = ${text}, updated_at = now() where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    await wait(betweenMs);
  }
}

/** Over the first chart and back, one step a frame, as a mouse reports them; each moves the crosshair of all charts. */
async function sweep(page: Page): Promise<void> {
  const box = await page.locator('[data-zoom]').first().boundingBox();
  if (box === null) throw new Error('There is no chart on the page.');
  for (let step = 0; step < steps; step++) {
    const part = Math.abs((step / steps) * 2 - 1);
    await page.mouse.move(box.x + 60 + part * (box.width - 80), box.y + box.height / 2);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined))));
  }
}
