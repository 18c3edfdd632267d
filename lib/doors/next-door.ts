import { after } from 'next/server';
import type { Arriving } from '@/lib/http/message';
import { arrivalRoute, type Route } from '@/lib/http/route';
import type { Entry } from './data-plane';

interface Doors {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly env: { readonly VERCEL?: string | undefined };
  readonly dataPlane: { readonly events: { flush(): Promise<void> } };
}

/** A data-plane route as the exports of a Next route file: for `next start` and serverless hosts, without the front. */
export function dataPlaneRoute(path: string, limitBytes: number, runtime: () => Doors): Route {
  const answer = async (arriving: Arriving) => {
    const { entries, env, dataPlane } = runtime();
    const entry = entries.get(path);
    if (!entry) throw new Error(`${path} is not a route of the data plane`);
    const outgoing = await entry.answer(arriving);
    // A serverless host freezes the process after the answer: the events go out before that.
    if (env.VERCEL) after(() => dataPlane.events.flush());
    return outgoing;
  };
  return arrivalRoute(answer, limitBytes);
}
