import { setTimeout as sleep } from 'node:timers/promises';

const prompts = [
  'a lighthouse in fog',
  'a paper boat on a puddle',
  'a fox reading a map',
  'tea at the edge of a glacier',
];

interface Traffic {
  readonly counts: { sent: number; failed: number };
  stop(): Promise<void>;
}

/** Callers who want pictures, so many a second, whatever happens. */
export function startTraffic(url: string, perSecond: number): Traffic {
  const counts = { sent: 0, failed: 0 };
  const end = new AbortController();
  const open = new Set<Promise<void>>();
  const one = async () => {
    counts.sent++;
    const body = JSON.stringify({ prompt: prompts[counts.sent % prompts.length] });
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(30_000);
    const answer = await fetch(`${url}/api/generate`, { method: 'POST', headers, body, signal }).catch(() => null);
    if (!answer?.ok) counts.failed++;
    await answer?.arrayBuffer().catch(() => undefined);
  };
  const run = async () => {
    while (!end.signal.aborted) {
      const call = one().finally(() => open.delete(call));
      open.add(call);
      await sleep(1000 / perSecond, undefined, { signal: end.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    counts,
    async stop() {
      end.abort();
      await running;
      await Promise.all(open);
    },
  };
}
