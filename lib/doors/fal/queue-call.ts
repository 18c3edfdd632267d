import { appOf } from '@/lib/gateway/providers/fal/queue-address';
import type { Incoming } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { excerpt } from '@/lib/kernel/excerpt';
import { runTarget } from './fal-target';

/** What a call to FAL's queue is for. */
export type QueueCall =
  | { readonly kind: 'submit'; readonly id: string }
  | { readonly kind: Asking; readonly app: string; readonly job: string };

type Asking = 'status' | 'stream' | 'result' | 'cancel';

const place = /^(.+)\/requests\/([\w-]{1,128})(\/status|\/status\/stream|\/cancel|\/response)?$/;
const kinds: Readonly<Record<string, Asking>> = {
  ...{ '/status': 'status', '/status/stream': 'stream', '/cancel': 'cancel' },
};

/** By the path below the queue's address; of a request that was submitted, only the application counts, as at FAL. */
export function queueCall(path: string, method: string): QueueCall {
  const [, id = '', job, rest = ''] = place.exec(path) ?? [];
  const call: QueueCall =
    job === undefined
      ? { kind: 'submit', id: modelIn(path) }
      : { kind: kinds[rest] ?? 'result', app: appOf(modelIn(id)), job };
  const allow = call.kind === 'submit' ? 'POST' : call.kind === 'cancel' ? 'PUT' : 'GET';
  if (method === allow || (method === 'HEAD' && allow === 'GET')) return call;
  const detail = `${excerpt(path)} answers ${allow} only.`;
  throw new Problem(405, 'method-not-allowed', detail, { headers: { allow } });
}

function modelIn(path: string): string {
  return runTarget(path, new URLSearchParams()).id;
}

export const falQueueOrigin = 'https://queue.fal.run';

/** Where the client believes the queue to be: it follows no address, and gives its key to none, of another origin. */
export function ownQueue(incoming: Pick<Incoming, 'header'>): string {
  const scheme = incoming.header('x-forwarded-proto') === 'https' ? 'https' : 'http';
  return `${scheme}://${incoming.header('host') ?? 'localhost'}/fal/queue`;
}

interface QueueUrls {
  readonly response_url: string;
  readonly status_url: string;
  readonly cancel_url: string;
}

export function urlsOf(origin: string, app: string, job: string): QueueUrls {
  const url = `${origin}/${app}/requests/${job}`;
  return { response_url: url, status_url: `${url}/status`, cancel_url: `${url}/cancel` };
}
