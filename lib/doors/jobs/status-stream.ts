import { setTimeout as wait } from 'node:timers/promises';
import type { Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';

const everyMs = 500;
/** FAL's client gives up on a stream that says nothing for 15 s. */
const sayAgainMs = 10_000;
const longestMs = 2 * 3_600_000;
const mostOpen = 500;
let open = 0;

interface Told {
  readonly text: string;
  readonly isLast: boolean;
}

/** A status each time it is another, until its last one. `read` answers null where there is nothing to tell of any more. */
export function statusStream(read: () => Promise<Told | null>, headers: Readonly<Record<string, string>>): Outgoing {
  if (open >= mostOpen) {
    const detail = `${mostOpen} streams are open here already, the most there may be. Poll the status instead.`;
    throw new Problem(503, 'streams-full', detail, { headers: { 'retry-after': '5' } });
  }
  open += 1;
  const over = new AbortController();
  over.signal.addEventListener('abort', () => {
    open -= 1;
  });
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => void tell(controller, read, over),
      cancel: () => over.abort(),
    },
    { highWaterMark: 1 },
  );
  const own = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform' };
  return { status: 200, headers: { ...headers, ...own, 'x-accel-buffering': 'no' }, body };
}

async function tell(
  controller: ReadableStreamDefaultController<Uint8Array>,
  read: () => Promise<Told | null>,
  over: AbortController,
): Promise<void> {
  const { signal } = over;
  const endsAt = performance.now() + longestMs;
  const encoder = new TextEncoder();
  let last = '';
  let saidAt = 0;
  while (!signal.aborted && performance.now() < endsAt) {
    // While the store is away there is no news, and no end.
    const told = await read().catch(() => undefined);
    if (signal.aborted || told === null) break;
    const now = performance.now();
    if (told && (told.text !== last || now - saidAt >= sayAgainMs)) {
      // A reader that has stopped reading is sent nothing until it goes on; each status is whole in itself.
      if ((controller.desiredSize ?? 0) > -8) controller.enqueue(encoder.encode(`data: ${told.text}\n\n`));
      last = told.text;
      saidAt = now;
    }
    if (told?.isLast) break;
    await wait(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
  if (signal.aborted) return;
  over.abort();
  controller.close();
}
