import type { Actor } from '@/lib/access/identity';
import type { Feed, FeedNews } from '@/lib/control/snapshot/snapshot-feed';
import type { Outgoing } from '@/lib/http/message';

const beatMs = 10_000;
/** How soon a session that has ended stops watching: it is asked again this often. */
const askAgainMs = 2_000;
/** Then the browser reconnects. */
const longestMs = 15 * 60_000;
/** A reader this many messages behind gets no more until it has caught up; each one is complete in itself. */
const mostQueued = 8;
/** A reader that is so far behind at so many beats in a row is gone. */
const mostBeatsBehind = 6;

interface Watcher {
  readonly actor: Actor;
  /** Who this is by now; null when its session or token has ended. Rejects while the database is away. */
  askAgain(): Promise<Actor | null>;
  /** Called once, when the stream is over. */
  left(): void;
}

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Without no-transform a proxy or Next compresses the stream and holds it back.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** What HEAD answers: it opens nothing. */
export const noStream: Outgoing = { status: 200, headers, body: null };

/**
 * The feed as server-sent events: `snapshot` or `splits` with what it tells of, `still` each second without news, `trouble` when the
 * database does not answer.
 */
export function snapshotStream(feed: Feed, watcher: Watcher): Outgoing {
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stop = watch(controller, feed, watcher);
      },
      cancel: () => stop(),
    },
    { highWaterMark: 1 },
  );
  return { status: 200, headers, body };
}

function watch(controller: ReadableStreamDefaultController<Uint8Array>, feed: Feed, watcher: Watcher) {
  const encoder = new TextEncoder();
  let beatsBehind = 0;
  const isBehind = () => (controller.desiredSize ?? 0) <= -mostQueued;
  const say = (text: string) => {
    if (!isBehind()) controller.enqueue(encoder.encode(text));
  };
  const { name, role } = watcher.actor;
  say('retry: 1000\n\n');
  const leave = feed.subscribe((news) => say(messageOf(news, feed.event, { name, role })));
  const beat = setInterval(() => {
    beatsBehind = isBehind() ? beatsBehind + 1 : 0;
    if (beatsBehind >= mostBeatsBehind) end();
    else say(': beat\n\n');
  }, beatMs).unref();
  const ask = setInterval(async () => {
    // While the database is away it is unknown, and there is nothing to see either.
    const now = await watcher.askAgain().catch(() => watcher.actor);
    if (now?.name !== name || now.role !== role) end();
  }, askAgainMs).unref();
  const longest = setTimeout(() => end(), longestMs).unref();
  let isOver = false;
  const stop = () => {
    if (isOver) return;
    isOver = true;
    leave();
    clearInterval(beat);
    clearInterval(ask);
    clearTimeout(longest);
    watcher.left();
  };
  const end = () => {
    if (isOver) return;
    stop();
    controller.close();
  };
  return stop;
}

function messageOf(news: FeedNews, event: string, me: Actor): string {
  if ('trouble' in news)
    return `event: trouble\ndata: ${JSON.stringify({ detail: 'The database does not answer.' })}\n\n`;
  if ('still' in news) return `event: still\ndata: ${JSON.stringify({ now: news.still })}\n\n`;
  const { snapshot } = news;
  const id = `${snapshot.version}-${Date.parse(snapshot.now)}`;
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify({ ...snapshot, me })}\n\n`;
}
