import type { Draw } from '../draw';
import type { Faults } from '../faults';
import { type Job, JobBook, stateOf } from '../jobs/job-book';
import { videoUrl } from '../jobs/video';
import { idOf, type Reply, retryAfterOf, type SandboxRequest, type Served, type Vendor, type World } from '../vendor';

/** What a request is at a vendor of tasks. */
export type Asked =
  | { readonly is: 'create'; readonly model: string; readonly prompt: string; readonly place?: string | undefined }
  | { readonly is: 'look'; readonly ids: readonly string[]; readonly place?: string | undefined }
  | { readonly is: 'cancel'; readonly id: string }
  | { readonly is: 'probe'; readonly reply: Reply }
  | { readonly is: 'refused'; readonly reply: Reply };

export interface Told {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'well' | 'failed' | 'cancelled';
  readonly url: string;
}

/** How one vendor says what all of them do. */
export interface Tongue {
  readonly name: string;
  asked(request: SandboxRequest, world: World): Asked;
  accepted(id: string): Reply;
  /** null: there is none of that id. `isOne` where one was asked for, and not a list. */
  told(tasks: readonly Told[], isOne: boolean): Reply;
  unknown(id: string): Reply;
  cancelled(id: string): Reply;
  refusal(status: number, message: string): Reply;
}

interface What {
  /** Where it is known: Kling's type of task. */
  readonly place: string;
}

const words = {
  failure: 'the server broke',
  rate_limited: 'too many requests',
  balance: 'no credits are left',
  content_policy: 'refused by content moderation',
} as const;

/** A vendor whose creates are tasks that are asked for later; they are kept over time, and every create is counted. */
export class TaskVendor implements Vendor {
  readonly usualCost = 0;
  private readonly book = new JobBook<What>();

  constructor(private readonly tongue: Tongue) {}

  get name(): string {
    return this.tongue.name;
  }

  jobs(world: World) {
    return this.book.list(world.now());
  }

  serve(request: SandboxRequest, world: World): Served {
    const asked = this.tongue.asked(request, world);
    switch (asked.is) {
      case 'create':
        return this.create(asked, world);
      case 'look':
        return this.look(asked, world);
      case 'cancel':
        return this.cancel(asked.id, world);
      case 'probe':
        return { reply: asked.reply, draw: null, kind: 'probe' };
      case 'refused':
        return { reply: asked.reply, draw: null, kind: 'other' };
    }
  }

  private create({ model, prompt, place = '' }: Extract<Asked, { is: 'create' }>, world: World): Served {
    const draw = world.draw();
    const sent = world.faults.jobMs === null ? { ...draw, delayMs: 0 } : draw;
    const served = (reply: Reply): Served => ({ reply, draw: sent, kind: 'inference' });
    const refused = this.refusalOf(draw, world.faults);
    if (refused) return served(refused);
    const id = idOf(draw.seed, 7);
    if (draw.wire === 'html') return served({ status: 200, body: {} });
    this.book.make({ id, model, prompt, webhookUrl: null, draw, what: { place } }, world.now());
    if (draw.fate?.isHidden) return served({ status: 502, body: 'Bad gateway' });
    return served(draw.verdict === 'no_image' ? { status: 200, body: {} } : this.tongue.accepted(id));
  }

  private look({ ids, place = '' }: Extract<Asked, { is: 'look' }>, world: World): Served {
    const draw = world.faults.polls ? world.draw() : null;
    const served = (reply: Reply): Served => ({ reply, draw, kind: 'poll' });
    const refused = draw && this.refusalOf(draw, world.faults);
    if (refused) return served(refused);
    const found = ids.flatMap((id) => this.book.find(id) ?? []);
    const tasks = found.flatMap((job) => (job.what.place === place ? this.tell(job, world) : []));
    const [first = ''] = ids;
    if (tasks.length === 0) return served(this.tongue.unknown(first));
    return served(this.tongue.told(tasks, ids.length === 1));
  }

  private cancel(id: string, world: World): Served {
    const job = this.book.find(id);
    if (!job) return { reply: this.tongue.unknown(id), draw: null, kind: 'cancel' };
    if (stateOf(job, world.now()) !== 'ended') job.isCancelled = true;
    return { reply: this.tongue.cancelled(id), draw: null, kind: 'cancel' };
  }

  private tell(job: Job<What>, world: World): Told[] {
    job.polls += 1;
    const { id, draw, fate } = job;
    const state = stateOf(job, world.now());
    if (state === 'ended' && fate.end === 'gone') return [];
    const ended = fate.end === 'failed' ? ('failed' as const) : ('well' as const);
    const url = videoUrl(world.origin, { provider: 'relay', seconds: 5, seed: draw.seed });
    const dead = `${world.origin}/gone/${id}.mp4`;
    return [{ id, state: state === 'ended' ? ended : state, url: fate.end === 'dead_link' ? dead : url }];
  }

  private refusalOf({ verdict }: Draw, faults: Faults): Reply | null {
    if (!Object.hasOwn(words, verdict)) return null;
    const message = faults.kind ?? words[verdict as keyof typeof words];
    const status = { failure: faults.status, rate_limited: 429, balance: 402, content_policy: 400 }[
      verdict as keyof typeof words
    ];
    const reply = this.tongue.refusal(status, message);
    return verdict === 'rate_limited' ? { ...reply, headers: retryAfterOf(faults) } : reply;
  }
}

export const bearer = ({ authorization }: SandboxRequest, { key, faults }: World): boolean =>
  !faults.unauthorized && authorization === `Bearer ${key}`;

export const textOf = (body: unknown, name: string): string => {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : '';
};
