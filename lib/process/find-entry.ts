import { after } from 'next/server';
import { controlRoutes } from '@/lib/doors/control/routes';
import { dataEntryAt, isOpenaiPath } from '@/lib/doors/data-door';
import { isDataPath } from '@/lib/doors/data-plane';
import { withoutFront } from '@/lib/doors/relay/without-front';
import { controlLimitBytes } from '@/lib/doors/route';
import { routeFinder } from '@/lib/doors/route-finder';
import type { Entry, Methods } from '@/lib/http/respond';
import { onceInProcess } from '@/lib/kernel/once-in-process';
import { within } from '@/lib/kernel/within';
import { Prefixes } from '@/lib/relay/find-prefix';
import { access, controlPlane, metrics, runtime } from './web';

/** A process that has just been started may not know yet which relays there are. */
const knownWithinMs = 3000;

const ofControlPlane = routeFinder(controlRoutes, { access, controlPlane, metrics, runtime });

/** What Next's route files answer: for `next start` and serverless hosts the data plane as well, without the front. */
export function findEntry(path: string): Entry | null {
  if (isDataPath(path) || isOpenaiPath(path)) return dataPlaneEntry(path);
  return ofControlPlane(path) ?? (path.startsWith('/api/') ? null : perhapsRelay());
}

/** Next's configuration sends here what no page, no file and no route is for; behind the front no relay comes so far. */
function perhapsRelay(): Entry {
  const { dataPlane, firstRead } = runtime();
  // Whoever cannot be asked within that leaves what was known last; strangers are not kept waiting for it one by one.
  const read = () => onceInProcess('first read', () => within(knownWithinMs, firstRead).catch(() => undefined));
  const handler = withoutFront({
    prefixes: onceInProcess('prefixes', () => new Prefixes(dataPlane.splits)),
    known: () => Promise.all([read(), dataPlane.wake()]),
  });
  const methods = { GET: handler, POST: handler, PUT: handler, PATCH: handler, DELETE: handler, OPTIONS: handler };
  return { limitBytes: controlLimitBytes, methods };
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
