import type { AttemptView } from '@/lib/api/views';
import type { EventQueue } from '@/lib/log/event-queue';
import type { ArmEntry, SplitKind } from '@/lib/registry/registry';
import { firstSplit } from '@/lib/split/split-key';
import type { CompiledModel } from '../models/compile-model';
import type { ImageRequest } from '../models/image-request';
import type { Marks, Told } from '../models/way';
import type { ProviderFailure, ProviderResult, ProviderSuccess } from '../providers/provider';
import type { Routing } from '../weights/routing';
import type { Ending } from './ending';
import type { Closed, Turn } from './lane';

type LostTurn = Extract<Turn, { fault: object }>;

/** What the events of a split are called. The first split's are those of the plan's own SQL, and no other's. */
export interface EventNames {
  readonly route: string;
  readonly ok: string;
  readonly failed: string;
  readonly local: string;
  /** As the events name the split; undefined in the first, whose events do not. */
  readonly split: string | undefined;
  /** Of a job: its order. How the job itself ends is an event of its own. */
  readonly phase: 'create' | undefined;
}

export function eventNames(key: string, kind: SplitKind): EventNames {
  const isFirst = key === firstSplit;
  const [route, ok, failed, local] = ['route', 'ok', 'failed', 'local'].map(
    (end) => `${isFirst ? 'gen' : 'split'}_${end}`,
  );
  const phase = kind === 'job' ? 'create' : undefined;
  return { route, ok, failed, local, split: isFirst ? undefined : key, phase } as EventNames;
}

export interface AttemptFacts {
  readonly request: ImageRequest;
  readonly model: CompiledModel;
  readonly told: Told;
  readonly marks: Marks;
  readonly names: EventNames;
  readonly attempt: number;
  readonly arm: ArmEntry;
  readonly assigned: string;
  readonly routing: Routing;
  /** How long it had waited for a connection. */
  queuedMs?: number;
}

/**
 * One row an attempt (`gen_route`, in other splits `split_route`): what the plan's SQL and the red lines read. No `error` on success, none on a refusal. What was
 * our own doing is a row ending in `_local` instead: it is no observation of the provider, good or bad.
 */
export function recordAttempt(events: EventQueue, facts: AttemptFacts, result: ProviderResult): AttemptView {
  if (!result.ok && result.isOurs) return recordLocal(events, facts, result);
  const latency_ms = milliseconds(result.latencyMs);
  events.record(facts.names.route, result.ok ? goodRow(facts, result, latency_ms) : badRow(facts, result, latency_ms));
  const failure = result.ok ? null : result;
  return view(facts, latency_ms, failure?.errorKind ?? null, failure?.message ?? null);
}

/** Written out, member by member: the row of nearly every request. An undefined member is not stored. */
function goodRow(facts: AttemptFacts, result: ProviderSuccess, latency_ms: number) {
  const { costUsd, images } = result;
  return {
    request_id: facts.request.requestId,
    attempt: facts.attempt,
    phase: facts.names.phase,
    split: facts.names.split,
    provider: facts.arm.provider,
    arm: facts.arm.name,
    assigned: facts.assigned,
    stage: facts.routing.stage,
    weights_version: facts.routing.version,
    model: result.model,
    size: facts.marks.size,
    price_key: facts.marks.price_key,
    user_hash: facts.marks.user_hash,
    pinned: facts.marks.pinned,
    pinned_by: facts.marks.pinned_by,
    dropped: facts.told.dropped,
    mapped: facts.told.mapped,
    latency_ms,
    images: images.length,
    cost_per_image: costUsd === null ? null : costUsd / Math.max(1, images.length),
    cost_basis: result.costBasis,
    caller: facts.request.caller,
    provider_request_id: result.providerRequestId ?? undefined,
    queued_ms: facts.queuedMs === undefined ? undefined : milliseconds(facts.queuedMs),
  };
}

function badRow(facts: AttemptFacts, result: ProviderFailure, latency_ms: number) {
  const { httpStatus, providerRequestId } = result;
  const row: Record<string, unknown> = { ...common(facts), model: result.model, latency_ms };
  row.images = result.images.length;
  row.error_kind = result.errorKind;
  if (result.refused) row.refused = true;
  else row.error = result.message;
  if (httpStatus !== null) row.http_status = httpStatus;
  if (result.started === 'unknown') row.outcome = 'unknown';
  if (providerRequestId !== null) row.provider_request_id = providerRequestId;
  if (facts.queuedMs !== undefined) row.queued_ms = milliseconds(facts.queuedMs);
  return row;
}

function recordLocal(events: EventQueue, facts: AttemptFacts, result: ProviderFailure): AttemptView {
  const { model, errorKind, message, started, latencyMs, providerRequestId } = result;
  const row: Record<string, unknown> = { ...common(facts), model, error_kind: errorKind, error: message };
  row.elapsed_ms = milliseconds(latencyMs);
  if (started === 'unknown') row.outcome = 'unknown';
  if (providerRequestId !== null) row.provider_request_id = providerRequestId;
  if (facts.queuedMs !== undefined) row.queued_ms = milliseconds(facts.queuedMs);
  events.record(facts.names.local, row);
  return view(facts, null, errorKind, message);
}

/** No connection came free in time: nothing was sent, and the provider knows nothing of it. */
export function recordQueued(events: EventQueue, facts: AttemptFacts, { waitedMs, fault }: LostTurn): AttemptView {
  const { errorKind: error_kind, message: error } = fault;
  const queued_ms = milliseconds(waitedMs);
  const row = { ...common(facts), model: facts.model.id, error_kind, error, queued_ms };
  events.record(facts.names.local, row);
  return view({ ...facts, queuedMs: waitedMs }, null, error_kind, error);
}

/** What it would cost kept the call from being made: no attempt, and no provider's failure. */
export function recordBarred(events: EventQueue, facts: AttemptFacts, error: string): void {
  events.record(facts.names.local, { ...common(facts), model: facts.model.id, error_kind: 'local', error });
}

/** The breaker or a rate limit kept the call from being made: a failure of the provider, without a latency. */
export function recordSkip(events: EventQueue, facts: AttemptFacts, closed: Closed): AttemptView {
  const seconds = Math.ceil(closed.retryAfterMs / 1000);
  const error =
    closed.kind === 'circuit_open'
      ? `not called: the breaker is open for another ${seconds} s`
      : `not called: it asked for a pause, ${seconds} s of it are left`;
  const rest = { model: facts.model.id, latency_ms: null, images: 0, error, error_kind: closed.kind };
  events.record(facts.names.route, { ...common(facts), ...rest });
  return view(facts, null, closed.kind, error);
}

interface EndFacts {
  readonly request: ImageRequest;
  readonly marks: Marks;
  readonly names: EventNames;
  readonly assigned: string;
  /** Where it ended. */
  readonly arm: ArmEntry;
  readonly routing: Routing | null;
  readonly attempts: number;
  readonly latencyMs: number;
}

/** One row a request (`gen_ok` or `gen_failed`, in other splits `split_ok` or `split_failed`); `outcome` tells a refused prompt and an unknown end from a failure. */
export function recordEnd(events: EventQueue, facts: EndFacts, ending: Ending, addressesUntilMs?: number): void {
  // A job ends when it ends, which is told then.
  if (facts.names.phase === 'create' && ending.kind === 'done') return;
  if (ending.kind === 'done') events.record(facts.names.ok, okRow(facts, ending.result, addressesUntilMs));
  else events.record(facts.names.failed, failedRow(facts, ending));
}

function okRow(facts: EndFacts, { provider, model, images, costUsd }: ProviderSuccess, addressesUntilMs?: number) {
  return {
    request_id: facts.request.requestId,
    assigned: facts.assigned,
    attempts: facts.attempts,
    latency_ms: milliseconds(facts.latencyMs),
    stage: facts.routing?.stage ?? null,
    weights_version: facts.routing?.version ?? null,
    split: facts.names.split,
    provider,
    arm: facts.arm.name,
    model,
    size: facts.marks.size,
    price_key: facts.marks.price_key,
    user_hash: facts.marks.user_hash,
    pinned: facts.marks.pinned,
    images: images.length,
    image_urls: addressesUntilMs ? addressesOf(images) : undefined,
    image_urls_until: addressesUntilMs ? new Date(addressesUntilMs).toISOString() : undefined,
    cost_usd: costUsd,
    caller: facts.request.caller,
  };
}

/** An image that came with its bytes has no address. */
function addressesOf(images: ProviderSuccess['images']): readonly string[] {
  return images.map(({ url }) => url).filter((url) => !url.startsWith('data:'));
}

function failedRow(facts: EndFacts, ending: Exclude<Ending, { kind: 'done' }>) {
  const { request, assigned, routing, attempts, arm, names } = facts;
  const row: Record<string, unknown> = {
    request_id: request.requestId,
    assigned,
    attempts,
    latency_ms: milliseconds(facts.latencyMs),
    stage: routing?.stage ?? null,
    weights_version: routing?.version ?? null,
    caller: request.caller,
    split: names.split,
    phase: names.phase,
    pinned: facts.marks.pinned,
  };
  row.provider = ending.kind === 'unavailable' ? arm.provider : ending.provider;
  row.arm = arm.name;
  row.outcome = ending.kind;
  if (ending.kind === 'unavailable') row.error = 'no provider could be called or all failed';
  else row.error = ending.message;
  if ('errorKind' in ending) row.error_kind = ending.errorKind;
  return row;
}

function common({ request, marks, told, names, attempt, arm, assigned, routing }: AttemptFacts) {
  const { stage, version } = routing;
  const { requestId, caller } = request;
  const where = { split: names.split, phase: names.phase, provider: arm.provider, arm: arm.name, assigned };
  return { request_id: requestId, attempt, ...where, stage, weights_version: version, caller, ...marks, ...told };
}

function view(
  facts: AttemptFacts,
  latency_ms: number | null,
  error_kind: string | null,
  error: string | null,
): AttemptView {
  const seen = { attempt: facts.attempt, provider: facts.arm.provider, latency_ms, error_kind, error };
  return facts.queuedMs === undefined ? seen : { ...seen, queued_ms: milliseconds(facts.queuedMs) };
}

function milliseconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
