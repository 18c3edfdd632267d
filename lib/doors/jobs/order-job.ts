import type { ImageRequest } from '@/lib/gateway/models/image-request';
import type { Models } from '@/lib/gateway/models/models';
import type { End } from '@/lib/gateway/request/deduplicate';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import { parseJson } from '@/lib/http/body/read-body';
import { invalid } from '@/lib/http/body/read-fields';
import type { Incoming, Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { type Created, createJob, type JobParts } from '@/lib/jobs/create-job';
import type { JobDoor } from '@/lib/jobs/job-view';
import { isOverQuota } from '@/lib/jobs/over-quota';
import { excerpt } from '@/lib/kernel/excerpt';
import { isStoreAway } from '@/lib/kernel/store-away';
import type { Caller } from '@/lib/registry/callers/caller';
import type { CallerHandler } from '../callers';
import type { JobsDoor } from '../data-route';
import { idempotencyKeyOf } from '../idempotency-key';
import { type Answer, answerOnce } from '../sluice/answer-once';
import { requestOf } from '../sluice/generate';
import type { Wanted } from '../sluice/plain-request';
import { refuseUnfit, requireModelsOf, splitOf, wayTo } from '../split-of';
import { quotaProblem } from './quota-problem';
import { refuseWebhook } from './refuse-webhook';

export type AskedJob = Wanted & {
  /** The model as the caller wrote it, where that is another name of one of ours. */
  readonly named?: string | undefined;
  readonly remixOf?: string | undefined;
  /** Where its caller wants to be told how it ended. */
  readonly webhook?: string | undefined;
  /** Where it goes while that arm has a share and can be told it. */
  readonly keptTo?: string | undefined;
};

/** How one door reads an order and writes what became of it. */
export interface JobShape {
  readonly door: JobDoor;
  /** Left out: the body is JSON. */
  parse?(incoming: Incoming): Promise<unknown>;
  read(body: unknown, models: Models): AskedJob;
  /** Refuses what only this door knows to be unfit, before anybody is asked. */
  fit?(request: ImageRequest): Promise<void> | undefined;
  /** What is kept for a replay as well. */
  write(created: Created, requestId: string): Answer;
}

interface Call {
  readonly incoming: Incoming;
  readonly caller: Caller;
  readonly spend: Parameters<CallerHandler>[2];
}

/** One order of a job, whichever door it came by. */
export async function orderJob({ plane, jobs: found, env }: JobsDoor, shape: JobShape, call: Call): Promise<Outgoing> {
  const jobs = jobsOf(found);
  const { incoming, caller, spend } = call;
  const asked = shape.read(shape.parse ? await shape.parse(incoming) : parseJson(incoming).value, plane.splits.models);
  spend?.(asked.n - 1);
  const model = asked.named ?? asked.model;
  const split = splitOf(plane, incoming, { kind: 'job', split: asked.split, model });
  const request = requestOf(asked, incoming.requestId, caller.name);
  refuseModelless(split, request, asked.named);
  requireModelsOf(split, caller, asked.model);
  await refuseUnfit(plane, request);
  await shape.fit?.(request);
  if (asked.webhook !== undefined) {
    const allowPrivate = env.SLUICE_ALLOW_PRIVATE_WEBHOOKS;
    await refuseWebhook(jobs, { url: asked.webhook, door: shape.door, caller: caller.name, allowPrivate });
  }
  const awake = plane.wake();
  if (awake) await awake;
  // What no arm can be told is refused before a key is claimed for it.
  wayTo(split, request, asked.keptTo);
  const make = async (): Promise<End<Answer>> => {
    const created = await begin(jobs, split, { request, asked, door: shape.door });
    return endOf(created, shape.write(created, incoming.requestId));
  };
  const key = incoming.header('idempotency-key');
  if (key === null) return (await make()).response;
  const { named: _, ...wanted } = asked;
  const ids = idempotencyKeyOf(key, { incoming, caller: caller.name, wanted });
  return (await answerOnce(plane.deduplicator, ids, make, 'job')).answer;
}

/** A job is its row: without a database there is none. */
export function jobsOf(jobs: JobParts | null): JobParts {
  if (jobs !== null) return jobs;
  const detail = 'Jobs need a database, and this Sluice has none: set DATABASE_URL. Nothing was sent to anybody.';
  throw new Problem(503, 'store-unavailable', detail);
}

interface Wish {
  readonly request: ImageRequest & { readonly caller: string };
  readonly asked: AskedJob;
  readonly door: JobDoor;
}

async function begin(jobs: JobParts, split: LiveSplit, { request, asked, door }: Wish): Promise<Created> {
  const { user, remixOf, keptTo, webhook: webhookUrl } = asked;
  // Asked again: while it waited an arm may have been taken back.
  const way = wayTo(split, request, keptTo);
  const order = { request, door, user, way, said: saidOf(request), remixOf, webhookUrl };
  try {
    return await createJob(jobs, split, order);
  } catch (cause) {
    if (isOverQuota(cause)) throw quotaProblem(cause);
    if (!isStoreAway(cause)) throw cause;
    const detail =
      'The job was not begun: the database does not answer, and where it goes must be written first. Nothing is made; ' +
      'try again in 2 s.';
    throw new Problem(503, 'store-unavailable', detail, { headers: { 'retry-after': '2' }, cause });
  }
}

/** Only what an image may be left to say: there is no usual model of a job. */
function refuseModelless({ arms, slug }: LiveSplit, { model }: ImageRequest, named: string | undefined): void {
  if (model !== undefined || [...arms.values()].every((arm) => arm.model !== null)) return;
  const was = named === undefined ? 'is missing' : `is '${excerpt(named)}', which is no model here`;
  const detail = `${was}; the arms of the split '${slug}' do not say it themselves`;
  throw invalid([{ pointer: '/model', detail }]);
}

/** What is told of the order again: without the bytes of its inputs. */
function saidOf({ prompt, n, width, height, aspectRatio, params = {} }: ImageRequest): Record<string, unknown> {
  const said: Record<string, unknown> = { prompt, n, width, height, aspect_ratio: aspectRatio };
  for (const [name, value] of Object.entries(params)) said[name] = withoutBytes(value);
  return said;
}

function withoutBytes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBytes);
  if (typeof value !== 'string' || !value.startsWith('data:')) return value;
  return `${value.slice(0, Math.max(0, value.indexOf(',')))},…`;
}

/** What may be a job is told again as it was, its unknown outcome too: the job itself says what became of it. */
function endOf({ ending }: Created, response: Answer): End<Answer> {
  const isKept = ending.kind === 'done' || ending.kind === 'refused' || ending.kind === 'unknown';
  return { state: isKept ? 'done' : 'nothing', status: response.status, response };
}
