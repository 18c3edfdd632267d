import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from '@/scripts/build/build-if-stale';
import { waitForCountdown } from './screenshots/countdown';
import { lastingOf, lookAt } from './screenshots/look';
import { help, readOptions, type Wanted } from './screenshots/options';
import { type Shot, shots } from './screenshots/shots';
import { smallerPng } from './screenshots/smaller-png';
import { states } from './screenshots/states';
import { openContext, openPage, photograph } from './screenshots/take';
import { type World, withWorld } from './screenshots/world';

const root = fileURLToPath(new URL('../..', import.meta.url));
const docs = join(root, 'docs');
const spareSeconds = 10;

/** What the program shows in each state of a rollout, on made-up traffic: of README and docs, or all of it. */
async function main(): Promise<void> {
  const wanted = readOptions(process.argv.slice(2));
  if (wanted === 'help') return console.log(help);
  await buildIfStale(root, console.log);
  await withWorld(root, (world) => tellStory(world, wanted));
}

async function tellStory(world: World, wanted: Wanted | null): Promise<void> {
  const names = wanted?.states ?? [...new Set(shots.map(({ state }) => state))];
  const last = states.findLastIndex(({ name }) => names.includes(name));
  for (const state of states.slice(0, last + 1)) {
    const isShown = names.includes(state.name);
    const { leftSeconds = 0 } = state;
    const lasts = wanted === null ? leftSeconds + spareSeconds : lastingOf(state, wanted);
    await state.reach(world, isShown ? lasts : 0);
    if (!isShown) continue;
    if (wanted !== null) {
      await lookAt(world, state, wanted);
      continue;
    }
    if (leftSeconds > 0) await waitForCountdown(world, leftSeconds);
    for (const shot of shots.filter((each) => each.state === state.name)) await take(world, shot);
  }
}

async function take(world: World, { file, path, width, theme, locale, whole = false }: Shot): Promise<void> {
  mkdirSync(join(docs, 'screens'), { recursive: true });
  const context = await openContext(world, locale, { width, theme });
  const page = await openPage(context, world, path);
  writeFileSync(join(docs, file), smallerPng(await photograph(page, { width, theme }, whole)));
  await context.close();
  console.log(file);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
