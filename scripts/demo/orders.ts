import { setTimeout as sleep } from 'node:timers/promises';

const prompts = [
  'a lighthouse at dusk',
  'a paper boat in the rain',
  'a fox in fresh snow',
  'tea at the edge of a glacier',
];
const pollEveryMs = 1000;

/** How a caller orders one, and asks for it. */
export interface Ordering {
  /** The id of what was begun; undefined: it was not taken. */
  order(prompt: string): Promise<string | undefined>;
  /** undefined: it has not ended. */
  look(id: string): Promise<'completed' | 'failed' | undefined>;
}

interface Orders {
  readonly counts: { ordered: number; refused: number; completed: number; failed: number };
  /** Orders no more, and comes back when every caller has its answer. */
  stop(): Promise<void>;
}

/** Callers who order one each, so many a second, and ask for it until it is there. */
export function startOrders(ordering: Ordering, perSecond: number, signal: AbortSignal): Orders {
  const counts = { ordered: 0, refused: 0, completed: 0, failed: 0 };
  const end = new AbortController();
  const open = new Set<Promise<void>>();
  const running = (async () => {
    while (!end.signal.aborted && !signal.aborted) {
      const caller = oneCaller(ordering, counts, signal).finally(() => open.delete(caller));
      open.add(caller);
      await sleep(1000 / perSecond, undefined, { signal: end.signal }).catch(() => undefined);
    }
  })();
  return {
    counts,
    async stop() {
      end.abort();
      await running;
      await Promise.all(open);
    },
  };
}

async function oneCaller({ order, look }: Ordering, counts: Orders['counts'], signal: AbortSignal): Promise<void> {
  const id = await order(prompts[counts.ordered++ % prompts.length] ?? '');
  if (id === undefined) {
    counts.refused++;
    return;
  }
  while (!signal.aborted) {
    await sleep(pollEveryMs);
    const end = await look(id);
    if (end === undefined) continue;
    counts[end]++;
    return;
  }
}

/** The JSON of an answer that is well; null: there was none. */
export async function said(url: string, init: RequestInit = {}): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) });
    const body = (await answer.json()) as Record<string, unknown>;
    return answer.ok ? body : null;
  } catch {
    return null;
  }
}
