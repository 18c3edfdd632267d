import type { Page } from 'playwright-core';

interface Shift {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly {
    readonly node?: Node | null;
    readonly previousRect: DOMRectReadOnly;
    readonly currentRect: DOMRectReadOnly;
  }[];
}

interface Moved {
  readonly sum: number;
  readonly what: readonly string[];
}

/** From the next page on; `moved` then says how far what was on the screen was pushed about. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const moved = { sum: 0, what: [] as string[] };
    Object.assign(globalThis, { moved });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & Shift)[]) {
        if (entry.hadRecentInput) continue;
        moved.sum += entry.value;
        for (const { node, previousRect: was, currentRect: is } of entry.sources) {
          const place = node instanceof Element ? node.outerHTML : (node?.parentElement?.outerHTML ?? '');
          moved.what.push(`${entry.value} ${was.x},${was.y} → ${is.x},${is.y} ${place.slice(0, 120)}`);
        }
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

export const moved = (page: Page): Promise<Moved> =>
  page.evaluate(() => (globalThis as unknown as { moved: Moved }).moved);

/** Up to 0.1 is called good; what is watched through the night may move half as much. */
export const mayMove = 0.05;

/**
 * The least that is moved by a load. What pushes the page about does so each time; a machine that stumbles, and makes the
 * data stale while the page comes, does so once.
 */
export async function leastMoved(load: () => Promise<Moved>): Promise<Moved> {
  let least = await load();
  for (let more = 2; more > 0 && least.sum >= mayMove; more -= 1) {
    const again = await load();
    if (again.sum < least.sum) least = again;
  }
  return least;
}
