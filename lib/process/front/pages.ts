import type { Log } from '@/lib/config/log';
import { pagesFailed, pagesLater, type ToWeb } from './messages';
import { type PagesState, pagesLaterHandler } from './pages-later';
import type { NextHandler } from './pass-to-next';

interface Pages {
  readonly handler: NextHandler;
  /** Rejects when the pages were there and could not be opened. */
  readonly opened: Promise<void>;
}

/**
 * The pages behind the front. Started without them, this process answers in their place and opens them, beside the
 * data plane, as soon as the supervisor says that they are built.
 */
export function openPages(open: () => Promise<NextHandler>, log: Log, words = process.argv): Pages {
  const haveFailed = words.includes(pagesFailed);
  if (!haveFailed && !words.includes(pagesLater)) return opening(open(), log);
  let state: PagesState = haveFailed ? 'failed' : 'building';
  let pages: Pages | null = null;
  const later = pagesLaterHandler(() => state);
  process.on('message', (message: ToWeb) => {
    if (message.pages === 'failed') state = 'failed';
    if (message.pages !== 'ready' || pages !== null) return;
    pages = opening(open(), log);
    pages.opened.catch((err: unknown) => {
      log.error({ err }, 'the pages were built and could not be opened');
      state = 'failed';
      pages = null;
    });
  });
  return { handler: (request, response) => (pages?.handler ?? later)(request, response), opened: Promise.resolve() };
}

function opening(next: Promise<NextHandler>, log: Log): Pages {
  const opened = next.then(() => log.info('pages are ready'));
  // Those that wait for the pages get the same error.
  opened.catch(() => undefined);
  return { handler: async (request, response) => (await next)(request, response), opened };
}
