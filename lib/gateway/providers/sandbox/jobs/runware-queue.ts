import { type RunwareTask, runwareErrors } from '../runware-errors';
import { infer, madeOf } from '../runware-replies';
import type { Reply, Served, World } from '../vendor';
import { type Job, JobBook, progressOf, type SandboxJob, stateOf } from './job-book';

const refusals = ['failure', 'rate_limited', 'balance', 'content_policy'];

/** Tasks that are answered later, by the id that the caller gave them; asked for by `getResponse`, many in one call. */
export class RunwareQueue {
  private readonly book = new JobBook<RunwareTask>();

  list(world: World): readonly SandboxJob[] {
    return this.book.list(world.now());
  }

  take(task: RunwareTask, world: World): Served {
    const draw = world.draw();
    const sent = world.faults.jobMs === null ? { ...draw, delayMs: 0 } : draw;
    const served = (reply: Reply): Served => ({ reply, draw: sent, kind: 'inference' });
    if (refusals.includes(draw.verdict)) return served(infer(task, draw, world));
    const made = {
      ...{ id: String(task.taskUUID), model: String(task.model), prompt: String(task.positivePrompt ?? '') },
      ...{ webhookUrl: typeof task.webhookURL === 'string' ? task.webhookURL : null, draw, what: task },
    };
    // A web page comes from something in between: the vendor has made no job.
    if (draw.wire !== 'html') this.book.make(made, world.now());
    if (draw.fate?.isHidden) return served(runwareErrors(502, 'badGateway', 'Bad gateway.'));
    const { taskType, taskUUID } = task;
    return served({ status: 200, body: { data: [{ taskType, taskUUID }] } });
  }

  /** Results and errors stand together in one answer. */
  look(tasks: readonly RunwareTask[], world: World): Served {
    const draw = world.faults.polls ? world.draw() : null;
    if (draw && refusals.includes(draw.verdict))
      return { reply: infer(tasks[0] ?? {}, draw, world), draw, kind: 'poll' };
    const seen = tasks.map(({ taskUUID }) => this.seen(String(taskUUID), world));
    const data = seen.flatMap((each) => each.data);
    const errors = seen.flatMap((each) => each.errors);
    const body = errors.length > 0 ? { data, errors } : { data };
    return { reply: { status: 200, body }, draw, kind: 'poll' };
  }

  private seen(taskUUID: string, world: World): { readonly data: object[]; readonly errors: object[] } {
    const job = this.book.find(taskUUID);
    const error = (code: string, message: string) => ({ code, message, status: 'error', taskUUID });
    const unknown = { data: [], errors: [error('taskFailedOrNotFound', 'The task failed, or is not known.')] };
    if (!job) return unknown;
    job.polls += 1;
    const state = stateOf(job, world.now());
    const { taskType } = job.what;
    if (state !== 'ended') {
      const progress = progressOf(job, world.now());
      const status = state === 'queued' ? 'pending' : 'processing';
      return { data: [{ taskType, taskUUID, status, progress }], errors: [] };
    }
    if (job.fate.end === 'gone') return unknown;
    if (job.fate.end === 'failed') {
      return { data: [], errors: [error('timeoutProvider', 'The provider did not answer in time.')] };
    }
    const data = resultsOf(job, world);
    return job.fate.end === 'both'
      ? { data, errors: [error('inferenceFailed', 'One result failed.')] }
      : { data, errors: [] };
  }
}

function resultsOf({ what, draw }: Job<RunwareTask>, world: World): object[] {
  if (draw.verdict === 'no_image') return [{ taskType: what.taskType, taskUUID: what.taskUUID, status: 'success' }];
  return madeOf(what, draw, world).map((made) => ({ ...made, status: 'success' }));
}
