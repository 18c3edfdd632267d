import type { AttemptView } from '@/lib/api/views';
import type { EventQueue } from '@/lib/log/event-queue';
import type { ImageRequest, ProviderFailure, ProviderResult, ProviderSuccess } from '../providers/provider';
import type { Routing } from '../weights/routing';
import type { Ending } from './ending';
import type { Closed, Turn } from './lane';

type LostTurn = Extract<Turn, { fault: object }>;

/** What is the same in all events of a request: whose it is, and what its price depends on. */
export interface Marks {
  readonly user_hash: string | undefined;
  readonly size: string;
  readonly price_key: string;
}

export interface AttemptFacts {
  readonly request: ImageRequest;
  readonly marks: Marks;
  readonly attempt: number;
  readonly provider: string;
  readonly assigned: string;
  readonly routing: Routing;
  /** How long it had waited for a connection. */
  queuedMs?: number;
}

/**
 * One `gen_route` row: what the plan's SQL and the red lines read. No `error` on success, none on a refusal. What was
 * our own doing is a `gen_local` row instead: it is no observation of the provider, good or bad.
 */
export function recordAttempt(events: EventQueue, facts: AttemptFacts, result: ProviderResult): AttemptView {
  if (!result.ok && result.isOurs) return recordLocal(events, facts, result);
  const latency_ms = milliseconds(result.latencyMs);
  events.record('gen_route', result.ok ? goodRow(facts, result, latency_ms) : badRow(facts, result, latency_ms));
  const failure = result.ok ? null : result;
  return view(facts, latency_ms, failure?.errorKind ?? null, failure?.message ?? null);
}

/** Written out, member by member: the row of nearly every request. An undefined member is not stored. */
function goodRow(facts: AttemptFacts, result: ProviderSuccess, latency_ms: number) {
  const { costUsd, images } = result;
  return {
    request_id: facts.request.requestId,
    attempt: facts.attempt,
    provider: facts.provider,
    assigned: facts.assigned,
    stage: facts.routing.stage,
    weights_version: facts.routing.version,
    model: result.model,
    size: facts.marks.size,
    price_key: facts.marks.price_key,
    user_hash: facts.marks.user_hash,
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
  events.record('gen_local', row);
  return view(facts, null, errorKind, message);
}

/** No connection came free in time: nothing was sent, and the provider knows nothing of it. */
export function recordQueued(events: EventQueue, facts: AttemptFacts, { waitedMs, fault }: LostTurn): AttemptView {
  const { errorKind: error_kind, message: error } = fault;
  const queued_ms = milliseconds(waitedMs);
  events.record('gen_local', { ...common(facts), model: facts.request.model ?? null, error_kind, error, queued_ms });
  return view({ ...facts, queuedMs: waitedMs }, null, error_kind, error);
}

/** The breaker or a rate limit kept the call from being made: a failure of the provider, without a latency. */
export function recordSkip(events: EventQueue, facts: AttemptFacts, closed: Closed): AttemptView {
  const seconds = Math.ceil(closed.retryAfterMs / 1000);
  const error =
    closed.kind === 'circuit_open'
      ? `not called: the breaker is open for another ${seconds} s`
      : `not called: it asked for a pause, ${seconds} s of it are left`;
  const rest = { model: facts.request.model ?? null, latency_ms: null, images: 0, error, error_kind: closed.kind };
  events.record('gen_route', { ...common(facts), ...rest });
  return view(facts, null, closed.kind, error);
}

interface EndFacts {
  readonly request: ImageRequest;
  readonly marks: Marks;
  readonly assigned: string;
  readonly routing: Routing;
  readonly attempts: number;
  readonly latencyMs: number;
}

/** One `gen_ok` or `gen_failed` row a request; `outcome` tells a refused prompt and an unknown end from a failure. */
export function recordEnd(events: EventQueue, facts: EndFacts, ending: Ending): void {
  if (ending.kind === 'done') events.record('gen_ok', okRow(facts, ending.result));
  else events.record('gen_failed', failedRow(facts, ending));
}

function okRow(facts: EndFacts, { provider, model, images, costUsd }: ProviderSuccess) {
  return {
    request_id: facts.request.requestId,
    assigned: facts.assigned,
    attempts: facts.attempts,
    latency_ms: milliseconds(facts.latencyMs),
    stage: facts.routing.stage,
    weights_version: facts.routing.version,
    provider,
    model,
    size: facts.marks.size,
    price_key: facts.marks.price_key,
    user_hash: facts.marks.user_hash,
    images: images.length,
    cost_usd: costUsd,
    caller: facts.request.caller,
  };
}

function failedRow(facts: EndFacts, ending: Exclude<Ending, { kind: 'done' }>) {
  const { request, assigned, routing, attempts } = facts;
  const row: Record<string, unknown> = {
    request_id: request.requestId,
    assigned,
    attempts,
    latency_ms: milliseconds(facts.latencyMs),
    stage: routing.stage,
    weights_version: routing.version,
    caller: request.caller,
  };
  row.provider = ending.kind === 'unavailable' ? assigned : ending.provider;
  row.outcome = ending.kind;
  if (ending.kind === 'unavailable') row.error = 'no provider could be called or all failed';
  else row.error = ending.message;
  if ('errorKind' in ending) row.error_kind = ending.errorKind;
  return row;
}

function common({ request, marks, attempt, provider, assigned, routing }: AttemptFacts) {
  const { stage, version } = routing;
  const { requestId, caller } = request;
  return { request_id: requestId, attempt, provider, assigned, stage, weights_version: version, caller, ...marks };
}

function view(
  facts: AttemptFacts,
  latency_ms: number | null,
  error_kind: string | null,
  error: string | null,
): AttemptView {
  const seen = { attempt: facts.attempt, provider: facts.provider, latency_ms, error_kind, error };
  return facts.queuedMs === undefined ? seen : { ...seen, queued_ms: milliseconds(facts.queuedMs) };
}

function milliseconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
