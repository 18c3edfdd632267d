import type { Accepted, JobOutput, JobSeen } from '@/lib/gateway/providers/job-calls';
import type { JobCalls } from '@/lib/gateway/providers/provider';
import { jsonText } from '@/lib/kernel/json-text';
import { mayStep } from '../job-state';
import type { LeasedJob } from './lease';
import { heldBy, putBack, type Settlement } from './settle';

/** How a vendor's jobs are looked at. */
export type Habits = Pick<JobCalls, 'pace' | 'ageLimitMs' | 'readsUnknown'>;

/** A create without an answer, whose job is not found by then, was never begun. */
const unknownForMs = 600_000;
/** A vendor may not know a job yet that it has just accepted. */
const mayBeAbsentForMs = 60_000;
const mostMisses = 5;
export const blockedForMs = 30_000;
const longestPayload = 64 * 1024;
const longestError = 1000;

/** Grows with each look, and is never shorter than the vendor allows; spread by chance, for jobs that were made together. */
export function intervalMs({ pace }: Habits, polls: number, random: () => number): number {
  const grown = Math.min(pace.mostMs, pace.firstMs * 1.5 ** Math.min(polls, 30));
  return Math.max(pace.floorMs, grown * (0.9 + 0.1 * random()));
}

type News = Partial<Settlement> & { readonly isEnd?: boolean; readonly leastMs?: number };

/** What one look at a job makes of it. */
export function learn(job: LeasedJob, seen: JobSeen, habits: Habits, random: () => number): Settlement {
  const { polls, blocked } = job;
  const news = job.state === 'unknown' ? ofUnknown(job, seen, habits) : ofAccepted(job, seen, habits);
  const { isEnd = false, leastMs = 0, ...rest } = news;
  const due_ms = isEnd ? null : (rest.due_ms ?? Math.max(leastMs, intervalMs(habits, polls, random)));
  return { ...heldBy(job), looked: true, blocked: seen.kind === 'unread' ? blocked : null, ...rest, due_ms };
}

/** A create whose process died before it wrote what came of it: whether the provider has it is not known. */
export function abandoned(job: LeasedJob): Settlement {
  return { ...putBack(job, 0, null), state: 'unknown', misses: 0 };
}

/** It cannot be found out what became of it: this vendor takes no id of ours that it could be asked for by. */
export function unknownFor(job: LeasedJob): Settlement {
  if (job.ageMs < unknownForMs) return putBack(job, unknownForMs - job.ageMs, null);
  const end = { ...putBack(job, 0, null), due_ms: null, state: 'unknown_final', error_kind: 'timeout' } as const;
  // Of an answer that passed its row says already why nobody can follow it.
  return job.upstream.untracked === true ? end : { ...end, error: neverAnswered };
}

const neverAnswered = 'the provider gave no answer to the create, and the job cannot be found there';

function ofUnknown(job: LeasedJob, seen: JobSeen, { pace }: Habits): News {
  if (seen.kind === 'unread') return unread(seen);
  if (seen.kind === 'absent') {
    if (job.ageMs < unknownForMs) return {};
    return { state: 'unknown_final', isEnd: true, error_kind: 'timeout', error: neverAnswered };
  }
  // One step at a time: what else was seen is seen again by the next look.
  const { upstreamId, upstream } = accepted(job, seen);
  return { state: 'accepted', due_ms: pace.floorMs, misses: 0, upstream_id: upstreamId, upstream };
}

/** Found by the id that we gave it; where the vendor has none of its own, that is its id. */
function accepted({ id, upstream }: LeasedJob, seen: JobSeen): Accepted {
  return ('accepted' in seen ? seen.accepted : undefined) ?? { upstreamId: id, upstream };
}

function ofAccepted(job: LeasedJob, seen: JobSeen, habits: Habits): News {
  switch (seen.kind) {
    case 'running':
      return running(job, seen, habits);
    case 'completed':
      return completed(seen);
    case 'failed':
      return failed(seen);
    case 'cancelled':
      return { state: 'cancelled', isEnd: true, charged: seen.charged };
    case 'absent':
      return absent(job, seen.message, habits);
    case 'unread':
      return unreadable(job, seen, habits);
  }
}

type Seen<Kind extends JobSeen['kind']> = Extract<JobSeen, { kind: Kind }>;

function running(job: LeasedJob, seen: Seen<'running'>, habits: Habits): News {
  const told = {
    progress: share(seen.progress),
    queue_position: whole(seen.queuePosition),
    logs: seen.logs,
    misses: 0,
  };
  if (job.ageMs >= habits.ageLimitMs) return { ...told, ...expired(habits) };
  return seen.phase === 'running' && mayStep(job.state, 'running') ? { ...told, state: 'running' } : told;
}

function expired({ ageLimitMs }: Habits) {
  const error = `it did not end within ${Math.round(ageLimitMs / 60_000)} min, the age limit of its provider`;
  return { state: 'expired', isEnd: true, error_kind: 'timeout', error } as const;
}

function completed(seen: Seen<'completed'>): News {
  return {
    ...{ state: 'completed', isEnd: true, misses: 0, charged: 'yes' },
    outputs: seen.outputs.map(outputRow),
    payload: small(seen.payload),
    logs: seen.logs,
    units: amount(seen.units, 10_000_000),
    ...cost(seen),
    links_for_ms: amount(seen.linksForMs, 1e12),
  };
}

function failed(seen: Seen<'failed'>): News {
  return {
    ...{ state: 'failed', isEnd: true, misses: 0, charged: seen.charged },
    error_kind: seen.errorKind,
    error: seen.message.slice(0, longestError),
    http_status: whole(seen.httpStatus ?? undefined),
    payload: small(seen.payload),
    ...cost(seen),
  };
}

function absent(job: LeasedJob, message: string, habits: Habits): News {
  if (job.cancelSaid === 'asked' || job.cancelSaid === 'absent') return { state: 'cancelled', isEnd: true };
  if (job.ageMs < mayBeAbsentForMs) return {};
  if (job.ageMs >= habits.ageLimitMs) return expired(habits);
  const misses = job.misses + 1;
  if (misses < mostMisses) return { misses };
  const error = `the provider does not know it any more: ${message}`.slice(0, longestError);
  return { state: 'failed', isEnd: true, misses, error_kind: 'empty', error };
}

/** What nobody can read ends nothing; but a job that is too old, and is read again and again in vain, has not come. */
function unreadable(job: LeasedJob, seen: Seen<'unread'>, habits: Habits): News {
  const limitMs = habits.ageLimitMs + (silent.has(seen.errorKind) ? silentForMs : 0);
  if (job.ageMs < limitMs || notOfJob.has(seen.errorKind)) return unread(seen);
  const misses = job.misses + 1;
  if (misses < mostMisses) return { ...unread(seen), misses };
  const late = expired(habits);
  return { ...late, misses, error: `${late.error}: ${seen.message}`.slice(0, longestError) };
}

/** Our own doing, or a matter of our account. */
const notOfJob: ReadonlySet<string> = new Set(['local', 'queue_timeout', 'cut', 'auth', 'rate_limited', 'balance']);

/** Of a provider that is away nothing is known, however old its jobs were when it went, or when we came back. */
const silent: ReadonlySet<string> = new Set(['connect', 'tls', 'timeout', 'gateway_timeout', 'provider_5xx']);
const silentForMs = 86_400_000;

/** Nothing of the job is known from it; a refused key is a matter for people. */
function unread({ errorKind, message, retryAfterMs }: Seen<'unread'>): News {
  if (errorKind !== 'auth') return { leastMs: retryAfterMs ?? 0 };
  return { blocked: `the provider refuses our key: ${message}`.slice(0, longestError), due_ms: blockedForMs };
}

const cost = ({ costUsd, costBasis }: { costUsd: number | null; costBasis: string }) => {
  const cost_usd = amount(costUsd, 100_000);
  return cost_usd === undefined ? {} : { cost_usd, cost_basis: costBasis };
};

function outputRow(output: JobOutput) {
  const { contentType: content_type, thumbnailUrl: thumbnail_url, ...rest } = output;
  return { ...rest, content_type, thumbnail_url };
}

/** A vendor may answer anything; a figure that cannot be is left out, and takes no other row with it. */
function amount(value: number | null, below: number): number | undefined {
  return value !== null && Number.isFinite(value) && value >= 0 && value < below ? value : undefined;
}

function whole(value: number | undefined): number | undefined {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value < 2 ** 31 ? value : undefined;
}

function share(value: number | null): number | undefined {
  return value === null || !Number.isFinite(value) ? undefined : Math.min(1, Math.max(0, value));
}

function small(payload: unknown): unknown {
  return payload === undefined || jsonText(payload).length > longestPayload ? undefined : payload;
}
