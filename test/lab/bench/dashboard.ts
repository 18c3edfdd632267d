import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page, Request } from 'playwright-core';
import type { Sql } from '@/lib/postgres/sql';
import { buildIfStale } from '@/scripts/build/build-if-stale';
import { launchBrowser } from '@/test/support/browser';
import { startWebProcess } from '@/test/support/web-process';
import { benchLongTasks } from './long-tasks';
import { figure } from './report';
import { withScratchDatabase } from './scratch-database';
import { median, quantile } from './statistics';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const token = 'slt-bench-only-0123456789abcdef';
const runs = 20;

/** What was measured, its median, its 95th percentile, and in how many runs. */
type Row = readonly [what: string, median: string, p95: string, runs: number];

/** JavaScript of the overview, time until its numbers stand, and from the commit of a rollback to its pixels; long tasks. */
export async function benchDashboard() {
  const rows: Row[] = [];
  const tasks: Awaited<ReturnType<typeof benchLongTasks>> = [];
  await buildIfStale(root, console.log);
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  await withScratchDatabase(async (sql, url) => {
    await write(sql, { fal: 0.9, runware: 0.1 });
    const web = await startWebProcess(root, {
      ...{ DATABASE_URL: url, SLUICE_DATA_DIR: dataDir, SLUICE_ADMIN_TOKEN: token },
      SLUICE_SANDBOX: '1',
    });
    const browser = await launchBrowser();
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
      await context.request.post(`${web.url}/api/session`, { data: { token } });
      const page = await context.newPage();
      rows.push(rowOf('JavaScript of the overview, kB over the wire', [await scriptKilobytes(page, web.url)]));
      rows.push(rowOf('navigation to numbers on the screen, ms', await times(runs, () => load(page, web.url))));
      rows.push(rowOf('commit of a rollback to its pixels, ms', await times(runs, () => rollbackSeen(page, sql))));
      tasks.push(...(await benchLongTasks(page, web.url, sql)));
    } finally {
      await browser.close();
      await web.stop();
    }
  });
  rmSync(dataDir, { recursive: true, force: true });
  return { rows, tasks };
}

async function load(page: Page, url: string): Promise<number> {
  const began = performance.now();
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return performance.now() - began;
}

/** In the page's own frames: the heading has changed and the frame after it was drawn. */
async function rollbackSeen(page: Page, sql: Sql): Promise<number> {
  await write(sql, { fal: 0.9, runware: 0.1 });
  await page.getByRole('heading', { level: 1 }).filter({ hasText: 'D1' }).waitFor();
  // Looked for in each frame of the page.
  const drawn = page.getByRole('heading', { level: 1 }).filter({ hasText: 'Rolled back' }).waitFor();
  await write(sql, { fal: 1, runware: 0 });
  const committed = performance.now();
  await drawn;
  return performance.now() - committed;
}

/** As sent: compressed, the first visit. */
async function scriptKilobytes(page: Page, url: string): Promise<number> {
  const scripts: Request[] = [];
  page.on('requestfinished', (request) => request.resourceType() === 'script' && scripts.push(request));
  await load(page, url);
  await page.waitForLoadState('load');
  const sizes = await Promise.all(scripts.map((request) => request.sizes()));
  return sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0) / 1000;
}

async function times(count: number, once: () => Promise<number>): Promise<number[]> {
  const taken: number[] = [];
  for (let run = 0; run < count; run++) taken.push(await once());
  return taken;
}

async function write(sql: Sql, weights: object): Promise<void> {
  const text = JSON.stringify(weights);
  await sql`
    insert into public.feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
    values ('GEN_PROVIDER_WEIGHTS', false, ${text}, 'bench', now(), now())
    on conflict (flag_key) do update set flag_value_text = ${text}, updated_at = now()`;
}

const rowOf = (what: string, values: readonly number[]): Row => {
  return [what, figure(median(values)), figure(quantile(values, 0.95)), values.length];
};
