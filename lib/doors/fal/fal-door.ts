import type { Incoming, Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import type { CallerHandler } from '../callers';
import type { JobsDoor } from '../data-route';
import { modelOf, runFal } from './fal-run';
import { type FalTarget, runTarget, targetOf } from './fal-target';
import { passRun, passUpload } from './pass-through';
import { serveQueue } from './queue';
import { falQueueOrigin, ownQueue, queueCall } from './queue-call';

type Rest = [caller: Parameters<CallerHandler>[1], spend: Parameters<CallerHandler>[2]];

const run = '/fal/run/';
const queue = '/fal/queue/';

/** `POST /fal/run/{owner}/{app}`: FAL's own path behind another host. */
export function falRunHandler(door: JobsDoor): CallerHandler {
  return (incoming, caller, spend) =>
    serve(door, runTarget(incoming.path.slice(run.length), incoming.query), incoming, caller, spend);
}

/** What `@fal-ai/server-proxy` speaks: the target stands in a header. */
export function falProxyHandler(door: JobsDoor): CallerHandler {
  return async (incoming, caller, spend) => {
    const target = targetOf(incoming.header('x-fal-target-url'));
    if (target.kind === 'queue' || incoming.method === 'POST') return serve(door, target, incoming, caller, spend);
    const detail = 'This target answers POST only.';
    throw new Problem(405, 'method-not-allowed', detail, { headers: { allow: 'POST' } });
  };
}

/** `/fal/queue/{owner}/{app}`, and what is below it: the paths of FAL's queue behind another host. */
export function falQueueHandler(door: JobsDoor): CallerHandler {
  return async (incoming, caller, spend) => {
    const call = queueCall(incoming.path.slice(queue.length), incoming.method);
    return serveQueue(door, call, { incoming, caller, spend, query: incoming.query, origin: ownQueue(incoming) });
  };
}

async function serve(
  door: JobsDoor,
  target: FalTarget,
  incoming: Incoming,
  ...[caller, spend]: Rest
): Promise<Outgoing> {
  const { plane } = door;
  const { query } = target;
  if (target.kind === 'queue') {
    const call = queueCall(target.path, incoming.method);
    return serveQueue(door, call, { incoming, caller, spend, query, origin: falQueueOrigin });
  }
  if (target.kind === 'upload') return passUpload(plane, target.path, { incoming, caller, query });
  const model = modelOf(plane, target.id);
  if (model) return runFal(plane, model, { incoming, caller, spend, id: target.id, query });
  return passRun(plane, { incoming, caller, query, id: target.id });
}
