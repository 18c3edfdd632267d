import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleOf } from '../program/bundle-program.mjs';
import { bundleProcesses, programs } from './bundle';
import { nextBuild } from './next-build';
import { sourcesHash } from './sources-hash';

interface BuildOutcome {
  readonly built: boolean;
  readonly ms: number;
}

type Say = (line: string) => void;

/** Apart from Next's own folder, which its build empties: the processes serve while the pages are built. */
export const bundleFolder = (root: string) => join(root, '.sluice');

const bundleStamp = (root: string) => join(bundleFolder(root), 'sources');
/** Emptied with the rest of .next when its build begins: a build that did not end leaves no stamp. */
const pagesStamp = (root: string) => join(root, '.next', 'sluice-sources');

/** Written by a build of Next that went to its end. */
const pagesId = (root: string) => join(root, '.next', 'BUILD_ID');

/** Builds both unless the last finished builds were made from exactly these sources. */
export async function buildIfStale(root: string, say: Say = () => {}): Promise<BuildOutcome> {
  const began = performance.now();
  const hash = sourcesHash(root);
  const bundled = await bundleIfStale(root, hash);
  // For those who may run them and may not write here.
  for (const name of programs) await bundleOf(root, name);
  const isStale = pagesAreStale(root, hash);
  if (isStale) {
    say('building the pages (a minute or more on two cores) …');
    await buildPages(root, hash);
  }
  return { built: bundled || isStale, ms: performance.now() - began };
}

/** The processes themselves: two seconds. Whether it had to be done. */
export async function bundleIfStale(root: string, hash: string): Promise<boolean> {
  if (stampOf(bundleStamp(root)) === hash) return false;
  try {
    await bundleProcesses(root, bundleFolder(root));
    writeFileSync(bundleStamp(root), hash);
  } catch (error) {
    throw readOnly(error, root) ?? error;
  }
  return true;
}

export function pagesAreStale(root: string, hash: string): boolean {
  return stampOf(pagesStamp(root)) !== hash || !existsSync(pagesId(root));
}

/** Next lets one build run in a folder: a second start, or a demo beside it, waits for the first. */
const isOthers = (error: unknown) =>
  error instanceof Error && error.message.includes('Another next build process is already running');
const othersWithinMs = 15 * 60_000;
const lookAgainMs = 2000;

export async function buildPages(root: string, hash: string, signal?: AbortSignal, program?: string): Promise<void> {
  const untilMs = performance.now() + othersWithinMs;
  for (let isBuilt = false; !isBuilt; ) {
    try {
      await nextBuild(root, signal, program);
      isBuilt = true;
    } catch (error) {
      if (!isOthers(error) || performance.now() > untilMs) throw error;
      await sleep(lookAgainMs, undefined, { signal });
      // What another start made of the same sources is as good.
      if (!pagesAreStale(root, hash)) return;
    }
  }
  if (!existsSync(pagesId(root)))
    throw new Error('next build ended well and left no pages; run npm run build to see it');
  writeFileSync(pagesStamp(root), hash);
}

/** In production the user that runs the code may not write it; then the user that may write it builds it. */
function readOnly(cause: unknown, root: string): Error | null {
  if (!['EACCES', 'EPERM', 'EROFS'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
  const why = `the build is older than the code, and ${userInfo().username} may not write to ${root}`;
  return new Error(`Nothing was started: ${why}. Run npm run build there as its owner, then start again.`, { cause });
}

function stampOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
