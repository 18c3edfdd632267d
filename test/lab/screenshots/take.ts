import type { BrowserContext, Page } from 'playwright-core';
import type { Locale, Theme } from './options';
import { token, type World } from './world';

const heights: Readonly<Record<number, number>> = { 360: 780, 1280: 800, 1600: 1000 };
/** Charts are drawn anew after a change of the width. */
const redrawMs = 350;

export interface Look {
  readonly width: number;
  readonly theme: Theme;
}

/** Signed in, in a language; a page of it takes any width and theme without being loaded again. */
export async function openContext(
  { browser, url }: World,
  locale: Locale,
  { width, theme }: Look,
): Promise<BrowserContext> {
  const viewport = { width, height: heights[width] ?? 800 };
  const context = await browser.newContext({ viewport, colorScheme: theme, locale });
  await context.request.post(`${url}/api/session`, { data: { token } });
  return context;
}

/** A page with everything on it that comes by itself. */
export async function openPage(context: BrowserContext, world: World, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(world.url + (await pathOf(world, path)));
  await page
    .getByText(/^(Live|实时|Waiting|等待)/)
    .or(page.getByRole('heading', { level: 1 }))
    .first()
    .waitFor();
  const skeleton = page.locator('main [aria-hidden].bg-surface:empty').first();
  await skeleton.waitFor({ state: 'detached', timeout: 8000 }).catch(() => undefined);
  await scrollThrough(page);
  const drawn = page.locator('[data-line]').first();
  if (/charts|incidents/.test(path)) await drawn.waitFor({ timeout: 5000 }).catch(() => undefined);
  await page.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => undefined);
  return page;
}

/** What is drawn when it comes into sight is in the picture of a whole page. */
async function scrollThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 600) {
      scrollTo(0, y);
      await new Promise((done) => setTimeout(done, 60));
    }
    scrollTo(0, 0);
  });
}

export async function photograph(page: Page, { width, theme }: Look, isWhole: boolean): Promise<Buffer> {
  const size = page.viewportSize();
  await page.emulateMedia({ colorScheme: theme });
  if (size?.width !== width) {
    await page.setViewportSize({ width, height: heights[width] ?? 800 });
    await page.waitForTimeout(redrawMs);
  }
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
  return page.screenshot({ fullPage: isWhole });
}

/** The newest rollback, change, request or job in its place. */
async function pathOf({ sql, control }: World, path: string): Promise<string> {
  if (path.endsWith('{incident}')) {
    const [last] = await control.journal.list({ limit: 1, verb: 'rollback' });
    return path.replace('{incident}', String(last?.seq ?? 0));
  }
  if (path.endsWith('{entry}')) {
    const [last] = await sql<{ id: number }[]>`
      select id from sluice.journal where flag_key = 'GEN_PROVIDER_WEIGHTS' order by seq desc limit 1`;
    return path.replace('{entry}', String(last?.id ?? 0));
  }
  if (path.endsWith('{job}')) {
    const [job] = await sql<
      { id: string }[]
    >`select id from sluice.jobs order by state in ('completed', 'failed'), created_at limit 1`;
    return path.replace('{job}', job?.id ?? '');
  }
  const isBad = path.endsWith('{failed}');
  if (!isBad && !path.endsWith('{request}')) return path;
  const [request] = await sql<{ id: string; at: Date }[]>`
    select event_data ->> 'request_id' as id, created_at as at from analytics_logs
    where event_type = 'gen_route' and (event_data ->> 'error' is not null) = ${isBad} order by created_at desc limit 1`;
  const at = (request?.at ?? new Date()).toISOString();
  return path.replace(/\{\w+\}$/, `${request?.id}?at=${at}`);
}
