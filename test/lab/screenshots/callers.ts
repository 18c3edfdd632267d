import { setTimeout as wait } from 'node:timers/promises';

const everyMs = 1000;
const headers = { 'content-type': 'application/json' };
const prompts = ['a sluice at dawn', 'a paper boat in the rain', 'a fox in fresh snow', 'a lighthouse at dusk'];

/** A request a second through the program, as long as pictures are taken: what is live on a page is live. */
export async function startCallers(url: string, signal: AbortSignal): Promise<void> {
  const open = new Set<Promise<void>>();
  for (let n = 0; !signal.aborted; n++) {
    const asked = ask(url, n).finally(() => open.delete(asked));
    open.add(asked);
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(open);
}

async function ask(url: string, n: number): Promise<void> {
  const body = JSON.stringify({ prompt: prompts[n % prompts.length], model: 'flux-schnell', user: `user-${n % 97}` });
  const answer = await fetch(`${url}/api/generate`, { method: 'POST', headers, body }).catch(() => null);
  await answer?.arrayBuffer().catch(() => undefined);
}
