import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Sql } from '@/lib/postgres/sql';
import { seedRollout } from '../screenshots/seed';
import { figure } from './report';

/** As a phone of the middle class, beside the machine that measures. */
const throttling = 4;
/** What a browser calls long. */
const longMs = 50;
const steps = 60;
const writes = 10;
const betweenMs = 1_000;
const settleMs = 3_000;
const quietMs = 12_000;

/**
 * What happened; how many tasks were over 50 ms meanwhile and the longest of them, by the clock and by the processor
 * time of the page's own thread, which no neighbour on the machine makes longer.
 */
type TaskRow = readonly [what: string, tasks: number, longest: string, ofProcessor: number, longestOfProcessor: string];

/** An hour of traffic, the processor four times slower: the page of a split while it changes, the charts under a hand. */
export async function benchLongTasks(page: Page, url: string, sql: Sql): Promise<TaskRow[]> {
  await seedRollout(sql);
  const rows: TaskRow[] = [];
  const during = async (what: string, happens: () => Promise<unknown>) => {
    await wait(settleMs);
    const tasks = await tasksOf(page, happens);
    const row = (times: readonly number[]) =>
      [times.filter((ms) => ms > longMs).length, figure(Math.max(0, ...times))] as const;
    rows.push([what, ...row(tasks.map(({ dur }) => dur / 1000)), ...row(tasks.map(({ tdur }) => tdur / 1000))]);
  };
  await page.goto(url);
  await page.getByText(/^Live/).waitFor();
  await during(`a split, ${quietMs / 1000} s without a change`, () => wait(quietMs));
  await during(`a split, ${writes} writes of its weights`, () => writeSome(sql));
  for (const window of ['1h', '10d']) {
    await page.goto(`${url}/charts?window=${window}`);
    await page.locator('[data-line]').nth(5).waitFor();
    await during(`metrics of ${window}, ${quietMs / 1000} s`, () => wait(quietMs));
    await during(`metrics of ${window}, the crosshair over ${steps} steps`, () => sweep(page));
  }
  return rows;
}

/** As Chromium writes them; times in microseconds, `tdur` on the thread's own clock. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Every task of the thread that scripts and draws. */
async function tasksOf(page: Page, happens: () => Promise<unknown>) {
  const devtools = await page.context().newCDPSession(page);
  const browser = page.context().browser();
  if (browser === null) throw new Error('There is no browser to trace.');
  const trace = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  trace.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const complete = new Promise((resolve) => trace.once('Tracing.tracingComplete', resolve));
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: throttling });
  await trace.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel'] },
  });
  await happens();
  await trace.send('Tracing.end');
  await complete;
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await trace.detach();
  await devtools.detach();
  const main = new Set(events.filter(({ args }) => args?.name === 'CrRendererMain').map(threadOf));
  const tasks = events
    .filter((event) => event.name === 'ThreadControllerImpl::RunTask' && main.has(threadOf(event)))
    .map(({ dur = 0, tdur = 0 }) => ({ dur, tdur }));
  if (tasks.length === 0) throw new Error('The browser traced no task of the page: this bench reads Chromium alone.');
  return tasks;
}

const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;

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
