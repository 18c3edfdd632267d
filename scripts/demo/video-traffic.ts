import { setTimeout as sleep } from 'node:timers/promises';

const prompts = [
  'a lighthouse at dusk',
  'a paper boat in the rain',
  'a fox in fresh snow',
  'tea at the edge of a glacier',
];
const pollEveryMs = 1000;

export interface VideoTraffic {
  readonly counts: { ordered: number; refused: number; completed: number; failed: number };
  /** Orders no more, and comes back when every caller has its answer. */
  stop(): Promise<void>;
}

/** Callers who order a video each, so many a second, and ask for it until it is there. */
export function startVideoTraffic(url: string, perSecond: number, signal: AbortSignal): VideoTraffic {
  const counts = { ordered: 0, refused: 0, completed: 0, failed: 0 };
  const end = new AbortController();
  const open = new Set<Promise<void>>();
  const running = (async () => {
    while (!end.signal.aborted && !signal.aborted) {
      const caller = oneCaller(url, counts, signal).finally(() => open.delete(caller));
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

async function oneCaller(url: string, counts: VideoTraffic['counts'], signal: AbortSignal): Promise<void> {
  const prompt = prompts[counts.ordered++ % prompts.length];
  const body = JSON.stringify({ prompt, model: 'kling-2.5-turbo-pro', duration: 5, aspect_ratio: '16:9' });
  const headers = { 'content-type': 'application/json' };
  const order = await said(`${url}/api/jobs`, { method: 'POST', headers, body });
  const id = order?.id;
  if (id === undefined) {
    counts.refused++;
    return;
  }
  while (!signal.aborted) {
    await sleep(pollEveryMs);
    const status = (await said(`${url}/api/jobs/${id}`))?.status;
    if (status !== 'completed' && status !== 'failed') continue;
    counts[status]++;
    return;
  }
}

async function said(url: string, init: RequestInit = {}): Promise<{ id?: string; status?: string } | null> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) });
    const body = (await answer.json()) as { id?: string; status?: string };
    return answer.ok ? body : null;
  } catch {
    return null;
  }
}
