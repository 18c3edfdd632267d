import type { Fields, ImageRequest } from '@/lib/gateway/models/image-request';
import type { Way } from '@/lib/gateway/models/way';
import { failure } from '@/lib/gateway/providers/outcome';
import type { ProviderResult } from '@/lib/gateway/providers/provider';
import { notConfigured } from '@/lib/gateway/providers/unserved';
import type { Generated } from '@/lib/gateway/request/ending';
import { carryOut } from '@/lib/gateway/request/generate';
import type { GenerateParts, RoutedSplit, Sending } from '@/lib/gateway/request/generate-parts';
import type { Lane } from '@/lib/gateway/request/lane';
import type { AttemptFacts } from '@/lib/gateway/request/record-attempt';
import { isLate, StoreAway } from '@/lib/kernel/store-away';
import { storeFault } from '@/lib/kernel/store-fault';
import type { SpendingStore } from '@/lib/registry/spending-store';
import { heldUsd } from './held-usd';
import type { JobStore } from './job-store';
import type { JobDoor, JobView } from './job-view';
import type { JobViews } from './job-views';
import type { KeptBindings } from './kept-bindings';
import type { Aim, CreateEnd, NewRow } from './order-writes';
import { barredBy } from './over-quota';
import type { CallerWebhooks } from './webhooks/caller-webhooks';
import type { JobWebhooks } from './webhooks/job-webhooks';

/** What jobs work with; one of it in each process that has a database. */
export interface JobParts {
  readonly gateway: GenerateParts;
  readonly store: JobStore;
  readonly views: JobViews;
  readonly spending: SpendingStore;
  readonly bindings: KeptBindings;
  readonly newId: () => string;
  /** Where a provider may tell us of a job; null: nowhere. */
  readonly webhookUrl: (provider: string, job: string) => string | null;
  readonly webhooks: JobWebhooks;
  /** What sends callers the news that a job of theirs ended. */
  readonly told: CallerWebhooks;
}

/** What a caller asks for, and by which door. */
interface Order {
  readonly request: ImageRequest & { readonly caller: string };
  readonly door: JobDoor;
  readonly user: string | null;
  readonly way: Way;
  /** What the doors say of it again; never the bytes of an input. */
  readonly said: Fields;
  readonly remixOf?: string | undefined;
  /** Where the caller wants to be told of its end. */
  readonly webhookUrl?: string | undefined;
  /** How it is sent where what came is passed on as it is. Left out: in the words of the provider. */
  readonly passing?: Passing | undefined;
}

export interface Passing extends Pick<Sending, 'send'> {
  /** Until its first look. */
  readonly firstMs: number;
}

export interface Created extends Generated {
  /** null: no provider could be called, and there is none. */
  readonly job: JobView | null;
  /** Its id is that of another job of the same caller, somewhere else. */
  readonly isTwin: boolean;
}

/**
 * A job is ordered as an image is made: by the same draw, the same lanes and the same failover. Before the provider is
 * called, its row says where it goes; before the caller is answered, it says where it lives. Throws where the store
 * does not take the row: then no provider was called.
 */
export async function createJob(
  parts: JobParts,
  split: RoutedSplit & { readonly key: string },
  order: Order,
): Promise<Created> {
  const begun = new BegunJob(parts, split.key, order);
  const { request, user, way } = order;
  try {
    const generated = await carryOut(parts.gateway, begun, split, request, user, way);
    return { ...generated, job: await begun.end(generated), isTwin: begun.isTwin };
  } catch (error) {
    await begun.giveUp(error);
    throw error;
  }
}

/** One job from its row to its binding. */
class BegunJob implements Sending {
  isTwin = false;
  private readonly id: string;
  private row: NewRow | null = null;
  private createdAt = new Date(0);
  private firstMs = 0;

  constructor(
    private readonly parts: JobParts,
    private readonly split: string,
    private readonly order: Order,
  ) {
    this.id = parts.newId();
  }

  async aim(lane: Lane, facts: AttemptFacts): Promise<string | null> {
    const { adapter, keyVersion, baseUrl } = lane.origin;
    const { name, provider } = facts.arm;
    const aim: Aim = {
      ...{ arm: name, provider, adapter, key_version: keyVersion, base_url: baseUrl },
      ...{ provider_model: facts.model.id, due_ms: dueMs(this.parts.gateway) },
      hold_usd: heldUsd(facts, lane),
    };
    if (this.row === null) {
      const row = this.rowOf(aim, facts);
      this.createdAt = await this.parts.store.insert(row);
      this.row = row;
      return null;
    }
    const isAimed = await this.parts.store.aim(this.id, aim).catch(barredBy);
    if (typeof isAimed === 'string') return isAimed;
    if (!isAimed) throw new StoreAway('the row of a job that was being made is gone');
    this.row = { ...this.row, ...aim };
    return null;
  }

  async send(...sent: Parameters<Sending['send']>): Promise<ProviderResult> {
    const [lane, request, deadline] = sent;
    const { provider } = lane;
    const { passing } = this.order;
    if (passing) {
      this.firstMs = passing.firstMs;
      return passing.send(...sent);
    }
    const { jobs } = provider;
    if (!jobs) return notConfigured(provider.name, request.model.id, `${provider.name} takes no jobs`);
    this.firstMs = jobs.pace.firstMs;
    const webhookUrl = this.parts.webhookUrl(provider.name, this.id);
    const result = await jobs.create(request, { id: this.id, webhookUrl }, deadline);
    return result.ok && result.accepted === undefined ? unbound(result) : result;
  }

  /** Writes what came of it, or keeps it until the store takes it. */
  async end(generated: Generated): Promise<JobView | null> {
    const { row } = this;
    if (row === null) return null;
    const end = endOf(row.id, generated, this.firstMs);
    const settled = await this.parts.store.settle(end).catch(() => null);
    if (settled === null) await this.parts.bindings.keep(end);
    this.isTwin = settled === 'twin';
    const view = viewOf(row, end, this.createdAt);
    this.parts.views.note(view);
    return view;
  }

  /** No provider began it: the row must not look as if its end were unknown. */
  async giveUp(cause: unknown): Promise<void> {
    if (this.row === null && !mayHaveLanded(cause)) return;
    const error = 'The database went away before a provider was called that could begin it.';
    await this.parts.bindings.keep({ ...refused, id: this.id, error_kind: 'local', error });
  }

  private rowOf(aim: Aim, facts: AttemptFacts): NewRow {
    const { marks, assigned, routing } = facts;
    const { request, door, said, remixOf, webhookUrl, way } = this.order;
    return {
      ...aim,
      id: this.id,
      split: this.split,
      door,
      caller: request.caller,
      user_hash: marks.user_hash ?? null,
      request_id: request.requestId,
      assigned,
      pinned: way.kind === 'pinned',
      stage: routing.stage,
      weights_version: routing.version,
      model: request.model ?? aim.provider_model,
      // What its price depends on goes into the event of its end.
      request: { ...said, price_key: marks.price_key },
      remix_of: remixOf ?? null,
      webhook_url: webhookUrl ?? null,
    };
  }
}

/** Longer than any order may take, waits for the store included. */
function dueMs({ requestWithinMs, queueWithinMs }: GenerateParts): number {
  return Math.max(120_000, requestWithinMs + queueWithinMs + 30_000);
}

/** No answer came in time, or the connection was lost: the row may stand there all the same. */
function mayHaveLanded(error: unknown): boolean {
  return isLate(error) || storeFault(error)?.mayHaveLanded === true;
}

/** It answered well and named no job: whether it began one is not known. */
function unbound({ provider, model, latencyMs, providerRequestId }: ProviderResult): ProviderResult {
  const facts = { provider, model, latencyMs, providerRequestId };
  const message = 'its answer names no job';
  return failure(facts, { errorKind: 'malformed', message, httpStatus: null, started: 'unknown' });
}

const refused: Omit<CreateEnd, 'id'> = {
  ...({ state: 'refused', upstream_id: null, upstream: {}, attempts: [], error_kind: null, error: null } as const),
  ...{ charged: 'no', first_ms: 0, ago_ms: 0 },
};

function endOf(id: string, { ending, attempts, mayBePaid }: Generated, firstMs: number): CreateEnd {
  const rest = { ...refused, id, attempts, first_ms: firstMs };
  if (ending.kind === 'done') {
    const { accepted } = ending.result;
    if (accepted === undefined) {
      const upstream = { untracked: true };
      return { ...rest, state: 'unknown', upstream, error_kind: 'malformed', error: untracked, charged: 'unknown' };
    }
    const { upstreamId, upstream } = accepted;
    return { ...rest, state: 'accepted', upstream_id: upstreamId, upstream, charged: 'unknown' };
  }
  const [error_kind, error] = faultOf(ending);
  if (ending.kind === 'unknown') return { ...rest, state: 'unknown', error_kind, error, charged: 'unknown' };
  return { ...rest, error_kind, error, charged: mayBePaid ? 'unknown' : 'no' };
}

/** Only of what was passed on, and began. */
export const untracked = 'its answer was passed on, and no id could be read in it: nobody can follow it';

function faultOf(ending: Exclude<Generated['ending'], { kind: 'done' }>): readonly [string, string] {
  if (ending.kind === 'refused') return ['content_policy', ending.message];
  if (ending.kind === 'unavailable') return ['unavailable', 'No provider could be called, or all failed.'];
  return [ending.errorKind, ending.message];
}

/** The job as its row is now. */
function viewOf(row: NewRow, end: CreateEnd, createdAt: Date): JobView {
  const isRefused = end.state === 'refused';
  return {
    ...{ id: row.id, door: row.door, caller: row.caller, requestId: row.request_id, split: row.split, arm: row.arm },
    ...{ provider: row.provider, adapter: row.adapter, model: row.model, providerModel: row.provider_model },
    ...{ weightsVersion: row.weights_version, request: row.request, remixOf: row.remix_of, createdAt },
    ...{ state: end.state, upstreamId: end.upstream_id, attempts: end.attempts, charged: end.charged },
    ...{ errorKind: end.error_kind, error: end.error, httpStatus: null, costUsd: null, costBasis: null, units: null },
    ...{ progress: null, queuePosition: null, logs: [], outputs: [], payload: null, blocked: null },
    ...{
      acceptedAt: end.state === 'accepted' ? createdAt : null,
      startedAt: null,
      endedAt: isRefused ? createdAt : null,
    },
    ...{ expiresAt: null, cancelAskedAt: null },
  };
}
