import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { openControl } from '@/lib/process/open-control';
import { runTick } from '@/lib/watch/run-tick';
import { buildIfStale } from '@/scripts/build/build-if-stale';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { launchBrowser } from '@/test/support/browser';
import { startWebProcess } from '@/test/support/web-process';
import { withScratchDatabase } from './bench/scratch-database';
import { seedPeople, seedRegression, seedRollout, seedTicks } from './screenshots/seed';
import { type Shot, shotsAfter, shotsBefore } from './screenshots/shots';
import { smallerPng } from './screenshots/smaller-png';

const root = fileURLToPath(new URL('../..', import.meta.url));
const docs = join(root, 'docs');
const settleMs = 15_000;
const token = 'slt-screenshots-only-0123456789abcdef';

/** The README's picture and one of each page, from the real system on made-up traffic. */
async function main(): Promise<void> {
  await buildIfStale(root, console.log);
  mkdirSync(join(docs, 'screens'), { recursive: true });
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-screens-'));
  const sandbox = await startSandbox({ seed: 7 });
  try {
    await picture(sandbox, dataDir);
  } finally {
    await sandbox.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function picture(sandbox: Sandbox, dataDir: string): Promise<void> {
  await withScratchDatabase(async (sql, url) => {
    await seedPeople(sql);
    await seedRollout(sql);
    const opened = await openControl(url, { name: 'screenshots' });
    const web = await startWebProcess(root, {
      ...{
        DATABASE_URL: url,
        SLUICE_DATA_DIR: dataDir,
        SLUICE_ADMIN_TOKEN: token,
        SLUICE_SANDBOX: '1',
        SLUICE_RATE_SIGN_IN: '0',
      },
      ...{ FAL_KEY: sandbox.falKey, FAL_BASE_URL: sandbox.falUrl },
      ...{ RUNWARE_API_KEY: sandbox.runwareKey, RUNWARE_BASE_URL: sandbox.runwareUrl },
    });
    const browser = await launchBrowser();
    const tick = () => runTick(opened.controls, { by: 'watchdog', intervalSeconds: 10, deadlineMs: 8000 });
    try {
      // Until the providers are probed and every process has reported, the picture would show a start, not a rollout.
      await wait(settleMs);
      await generate(web.url);
      await tick();
      await seedTicks(sql);
      for (const shot of shotsBefore) await take(browser, web.url, shot, tick);
      await seedRegression(sql);
      await sql`delete from sluice.ticks`;
      await tick();
      for (const shot of shotsAfter) await take(browser, web.url, shot, tick);
    } finally {
      await browser.close();
      await web.stop();
      await opened.close();
    }
  });
}

/** Real requests through both sandbox providers: the split that was observed beside the one that was ordered. */
async function generate(url: string): Promise<void> {
  const body = JSON.stringify({ prompt: 'a sluice at dawn' });
  const headers = { 'content-type': 'application/json' };
  for (let batch = 0; batch < 20; batch++) {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const answer = await fetch(`${url}/api/generate`, { method: 'POST', headers, body });
        if (!answer.ok) throw new Error(`POST /api/generate was answered ${answer.status}: ${await answer.text()}`);
        await answer.arrayBuffer();
      }),
    );
  }
  // Each process reports what it routed every few seconds.
  await wait(settleMs);
}

async function take(browser: Browser, url: string, shot: Shot, tick: () => Promise<unknown>): Promise<void> {
  const { file, path, width, theme, locale, whole = false } = shot;
  const viewport = { width, height: width < 500 ? 780 : 800 };
  const context = await browser.newContext({ viewport, colorScheme: theme, locale });
  await context.request.post(`${url}/api/session`, { data: { token } });
  const page = await context.newPage();
  await tick();
  await page.goto(url + path);
  if (path !== '/sign-in') await page.getByText(/^(Live|实时)/).waitFor();
  if (/charts|incidents/.test(path)) await page.locator('.recharts-line').first().waitFor();
  await page.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => undefined);
  writeFileSync(join(docs, file), smallerPng(await page.screenshot({ fullPage: whole })));
  await context.close();
  console.log(file);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
