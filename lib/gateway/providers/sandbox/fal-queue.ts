import type { Draw } from './draw';
import { falReply, readFalInput } from './fal-replies';
import { idOf, type Reply, type SandboxRequest, type World } from './vendor';

interface Job {
  readonly reply: Reply;
  readonly draw: Draw;
  readonly submittedAtMs: number;
  isCancelled: boolean;
}

const mostJobs = 1000;

/** The queue endpoints: submit, status, response, cancel. The sub-path of the application is dropped after submit. */
export class FalQueue {
  private readonly jobs = new Map<string, Job>();

  serve(request: SandboxRequest, path: string, world: World): Reply {
    const [, app, id, rest] = /^\/([^/]+\/[^/]+)\/requests\/([\w-]+)(\/status|\/cancel)?$/.exec(path) ?? [];
    if (!app || !id) return this.submit(request, path, world);
    const job = this.jobs.get(id);
    if (!job) return { status: 404, body: { detail: `Request ${id} not found` } };
    const urls = urlsOf(world.origin, app, id);
    const state = stateOf(job, world.now());
    if (rest === '/cancel') return cancel(job, state);
    if (rest === '/status')
      return { status: state === 'COMPLETED' ? 200 : 202, body: { status: state, request_id: id, ...urls } };
    if (state !== 'COMPLETED') return { status: 400, body: { detail: 'Request is still in progress' } };
    return job.isCancelled ? { status: 499, body: { detail: 'Request was cancelled' } } : job.reply;
  }

  private submit(request: SandboxRequest, path: string, world: World): Reply {
    const input = readFalInput(request.body);
    if ('status' in input) return input;
    const draw = world.draw();
    const id = idOf(draw.seed, 0);
    const oldest = this.jobs.keys().next().value;
    if (this.jobs.size >= mostJobs && oldest !== undefined) this.jobs.delete(oldest);
    this.jobs.set(id, { reply: falReply(input, draw, world), draw, submittedAtMs: world.now(), isCancelled: false });
    const app = path.split('/').slice(1, 3).join('/');
    return {
      status: 200,
      body: { status: 'IN_QUEUE', request_id: id, queue_position: 0, ...urlsOf(world.origin, app, id) },
    };
  }
}

function urlsOf(origin: string, app: string, id: string): Readonly<Record<string, string>> {
  const url = `${origin}/queue/${app}/requests/${id}`;
  return { response_url: url, status_url: `${url}/status`, cancel_url: `${url}/cancel` };
}

/** A quarter of the delay in the queue, the rest at work; a job that hangs never completes. */
function stateOf({ draw, submittedAtMs, isCancelled }: Job, nowMs: number): 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED' {
  if (isCancelled) return 'COMPLETED';
  const age = nowMs - submittedAtMs;
  if (draw.wire === 'hang' || age < draw.delayMs) return age < draw.delayMs / 4 ? 'IN_QUEUE' : 'IN_PROGRESS';
  return 'COMPLETED';
}

function cancel(job: Job, state: string): Reply {
  if (state === 'COMPLETED') return { status: 400, body: { status: 'ALREADY_COMPLETED' } };
  job.isCancelled = true;
  return { status: 202, body: { status: 'CANCELLATION_REQUESTED' } };
}
