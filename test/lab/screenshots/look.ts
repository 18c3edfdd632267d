import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { waitForCountdown } from './countdown';
import type { Wanted } from './options';
import { writeSheet } from './sheet';
import type { State } from './states';
import { type Look, openContext, openPage, photograph } from './take';
import type { World } from './world';

/** A page is loaded, waited for and changed in width and theme: what the countdown must leave time for. */
const secondsAPicture = 0.8;
const secondsALoad = 3;

/** So long a state must last for its pictures. */
export function lastingOf(state: State, wanted: Wanted): number {
  const { leftSeconds = 0 } = state;
  const pages = pagesOf(state, wanted).filter(([name]) => leftSeconds === 0 || name !== 'split').length;
  const pictures = wanted.widths.length * wanted.themes.length * secondsAPicture;
  return leftSeconds + 12 + pages * wanted.locales.length * (secondsALoad + pictures);
}

const pagesOf = ({ pages }: State, { pages: names }: Wanted) =>
  Object.entries(pages).filter(([name]) => names === null || names.includes(name));

/** All pages of a state as they are wanted, into its folder, and a sheet of them. */
export async function lookAt(world: World, state: State, wanted: Wanted): Promise<void> {
  const folder = join(wanted.to, state.name);
  mkdirSync(folder, { recursive: true });
  const first = looks(wanted)[0];
  if (first === undefined) return;
  const contexts = await Promise.all(wanted.locales.map((locale) => openContext(world, locale, first)));
  const files: string[] = [];
  const shoot = async (page: Page, name: string, index: number) => {
    for (const look of looks(wanted)) {
      const file = `${name}-${look.width}-${look.theme}-${wanted.locales[index]?.slice(0, 2)}.png`;
      writeFileSync(join(folder, file), await photograph(page, look, wanted.isWhole));
      files.push(file);
    }
  };
  const opened = await openEarly(world, state, wanted, contexts);
  if (opened.length > 0) await cut(world);
  for (const { page, name, index } of opened) await shoot(page, name, index);
  for (const [name, path] of pagesOf(state, wanted)) {
    if (state.openBefore?.includes(name)) continue;
    const pages = await Promise.all(contexts.map((context) => openPage(context, world, path)));
    if (name === 'split' && state.leftSeconds !== undefined) await waitForCountdown(world, state.leftSeconds);
    await Promise.all(pages.map((page, index) => shoot(page, name, index)));
    await Promise.all(pages.map((page) => page.close()));
  }
  await Promise.all(contexts.map((context) => context.close()));
  await writeSheet(world.browser, folder, files);
  console.log(`${state.name}: ${files.length} pictures in ${folder}, all together in ${folder}.png`);
}

const looks = ({ widths, themes }: Wanted): Look[] =>
  widths.flatMap((width) => themes.map((theme) => ({ width, theme })));

interface Opened {
  readonly page: Page;
  readonly name: string;
  readonly index: number;
}

async function openEarly(
  world: World,
  state: State,
  wanted: Wanted,
  contexts: readonly BrowserContext[],
): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (const [name, path] of pagesOf(state, wanted)) {
    if (!state.openBefore?.includes(name)) continue;
    for (const [index, context] of contexts.entries())
      opened.push({ page: await openPage(context, world, path), name, index });
  }
  return opened;
}

/** The pages are marked within three seconds. */
async function cut({ network }: World): Promise<void> {
  network.accept = 'reset';
  network.reset();
  await wait(20_000);
}
