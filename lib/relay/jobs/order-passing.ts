import type { Generated } from '@/lib/gateway/request/ending';
import type { GenerateParts } from '@/lib/gateway/request/generate-parts';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import { type Created, createJob, type Passing } from '@/lib/jobs/create-job';
import type { JobPlace } from '@/lib/jobs/poll/lease';
import type { CreateRule, Dialect } from '@/lib/registry/dialects/dialect';
import { anyArm } from '../any-arm';
import type { Captures } from '../dialect';
import { modelOf } from '../model-of';
import { type Incoming, patient, routed, SendingOn } from '../send-on';
import { HeldAnswer } from './held-answer';
import { readCreate } from './read-create';
import type { RelayJobs } from './relay-jobs';

interface PassingOrder {
  readonly incoming: Incoming;
  readonly prefix: string;
  readonly dialect: Dialect;
  readonly rule: CreateRule;
  readonly captures: Captures;
  /** undefined: it was not read. */
  readonly body: unknown;
}

/**
 * A create as every job is ordered: its row first, then the same draw, lanes and failover. What is sent is what came; the
 * answer is held until the row says where the job lives, and goes to the caller then.
 */
export async function orderPassing(
  gateway: GenerateParts,
  jobs: RelayJobs,
  split: LiveSplit,
  order: PassingOrder,
): Promise<Generated> {
  const { incoming, dialect, prefix } = order;
  const parts = patient(gateway, split);
  const model = modelOf(order) ?? split.slug;
  const sending = new SendingOn(incoming, split.slug, parts);
  let held: HeldAnswer | null = null;
  let place: JobPlace | null = null;
  const passing: Passing = {
    firstMs: dialect.pace.firstMs,
    async send(...sent) {
      const { adapter, keyVersion, baseUrl } = sent[0].origin;
      place = { provider: sent[0].provider.name, adapter, keyVersion, baseUrl };
      held = new HeldAnswer(incoming.answer);
      const result = await sending.sendInto({ answer: held, isRead: true }, ...sent);
      return readCreate(order, result, held.copied);
    },
  };
  const route = routed(split, anyArm(split.slug));
  const events = { ...route.events, phase: 'create' } as const;
  const { requestId, caller, target } = incoming;
  const created = await createJob(
    { ...jobs.orders, gateway: parts },
    { ...route, events, key: split.key },
    {
      request: { prompt: null, n: 1, model, requestId, caller },
      ...({ door: 'relay', user: null, way: { kind: 'drawn' }, passing } as const),
      said: { prefix, path: target.path.slice(0, 512) },
    },
  );
  jobs.count(split.slug, created.arm.name, 'create');
  if (place) note(jobs, order, created, place);
  if (created.ending.kind === 'unknown') incoming.answer.marks = [...incoming.answer.marks, ...once];
  (held as HeldAnswer | null)?.release();
  return created;
}

/** A client that sent it again might have two jobs. */
const once = ['x-should-retry', 'false'];

function note(
  jobs: RelayJobs,
  { incoming: { caller }, prefix }: PassingOrder,
  created: Created,
  place: JobPlace,
): void {
  const { job, ending } = created;
  if (job === null || ending.kind !== 'done') return;
  const { id, upstreamId, split, arm, state } = job;
  // Of two that share an id at two places the first keeps it; both are followed.
  if (upstreamId === null || created.isTwin) jobs.count(created.split, arm, 'untracked');
  else {
    const upstream = ending.result.accepted?.upstream ?? {};
    jobs.known.note({ caller, prefix }, { ...place, id, upstreamId, split, arm, state, upstream });
  }
}
