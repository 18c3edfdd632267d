import type { Outgoing } from '@/lib/http/message';
import type { Actor } from '@/lib/operations/ports';
import type { FeedNews, SnapshotFeed } from './snapshot-feed';

const beatMs = 10_000;
/** Then the browser reconnects and is asked again who it is: a revoked session does not watch for ever. */
const longestMs = 15 * 60_000;
/** A reader this many messages behind gets no more until it has caught up; each one is complete in itself. */
const mostQueued = 8;

/** The feed as server-sent events: `snapshot` with a Snapshot, `trouble` when the database does not answer. */
export function snapshotStream(feed: SnapshotFeed, { name, role }: Actor, signal?: AbortSignal): Outgoing {
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const encoder = new TextEncoder();
        const say = (text: string) => {
          if ((controller.desiredSize ?? 0) > -mostQueued) controller.enqueue(encoder.encode(text));
        };
        say('retry: 1000\n\n');
        const leave = feed.subscribe((news) => say(messageOf(news, { name, role })));
        const beat = setInterval(() => say(': beat\n\n'), beatMs).unref();
        const end = setTimeout(() => {
          stop();
          controller.close();
        }, longestMs).unref();
        stop = () => {
          leave();
          clearInterval(beat);
          clearTimeout(end);
        };
        signal?.addEventListener('abort', stop, { once: true });
      },
      cancel: () => stop(),
    },
    { highWaterMark: 1 },
  );
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    // Without no-transform a proxy or Next compresses the stream and holds it back.
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  };
  return { status: 200, headers, body };
}

function messageOf(news: FeedNews, me: Actor): string {
  if ('trouble' in news)
    return `event: trouble\ndata: ${JSON.stringify({ detail: 'The database does not answer.' })}\n\n`;
  const { snapshot } = news;
  const id = `${snapshot.version}-${Date.parse(snapshot.now)}`;
  return `id: ${id}\nevent: snapshot\ndata: ${JSON.stringify({ ...snapshot, me })}\n\n`;
}
