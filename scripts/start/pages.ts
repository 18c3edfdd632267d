import { buildPages } from '../build/build-if-stale';
import { withProgress } from './progress';
import type { Voice } from './voice';
import type { WebChild } from './web-child';

interface LatePages {
  readonly root: string;
  readonly hash: string;
  readonly web: WebChild;
  readonly voice: Voice;
  readonly signal: AbortSignal;
  readonly elapsed: () => string;
}

/** Builds the pages beside the processes that serve already, and has them opened. */
export async function buildBeside({ root, hash, web, voice, signal, elapsed }: LatePages): Promise<void> {
  try {
    await withProgress('building the pages', voice.say, () => buildPages(root, hash, signal));
    web.pagesAre('ready');
    voice.say(`the pages are ready ${elapsed()}`);
  } catch (error) {
    if (signal.aborted) return;
    const why = error instanceof Error ? error.message : String(error);
    web.pagesAre('failed');
    voice.say(`there are no pages; images, CLI and watchdog go on. Mend it and start again. ${why}`);
  }
}
