import { after } from 'next/server';
import { controlRoutes } from '@/lib/doors/control/routes';
import { isDataPath } from '@/lib/doors/data-plane';
import { dataEntryAt, isOpenaiPath } from '@/lib/doors/paths';
import { routeFinder } from '@/lib/doors/route-finder';
import type { Entry, Methods } from '@/lib/http/respond';
import { access, controlPlane, metrics, runtime } from './web';

const ofControlPlane = routeFinder(controlRoutes, { access, controlPlane, metrics, runtime });

/** What Next's route files answer: for `next start` and serverless hosts the data plane as well, without the front. */
export function findEntry(path: string): Entry | null {
  return isDataPath(path) || isOpenaiPath(path) ? dataPlaneEntry(path) : ofControlPlane(path);
}

function dataPlaneEntry(path: string): Entry | null {
  const { entries, env, dataPlane } = runtime();
  const entry = dataEntryAt(entries, path);
  // A serverless host freezes the process after the answer: the events go out before that.
  return entry && env.VERCEL ? flushing(entry, () => dataPlane.events.flush()) : entry;
}

function flushing({ limitBytes, methods }: Entry, flush: () => Promise<void>): Entry {
  const each = Object.entries(methods).map(([method, handler]) => [
    method,
    async (arriving: Parameters<typeof handler>[0]) => {
      try {
        return await handler(arriving);
      } finally {
        after(flush);
      }
    },
  ]);
  return { limitBytes, methods: Object.fromEntries(each) as Methods };
}
