import type { JobDetail, JobItem, JobLogRow, ShownMember, ShownOutput } from '@/lib/api/jobs-view';
import type { JobEvent, JobOutputRow, WholeJob } from './find-jobs';
import type { JobRow } from './job-row';

/** Member by member: a row may hold more than an operator is told. */
export function itemOf(row: JobRow): JobItem {
  const { id, state, arm, provider, upstream_id, model, caller, door, age_seconds, progress, tries, polls } = row;
  const { misses, due_in_seconds, blocked, cost_usd, cost_basis, charged, error_kind, error } = row;
  return {
    ...{ id, state, arm, provider, upstream_id, model, caller, door, age_seconds, progress, tries, polls },
    ...{ misses, due_in_seconds, blocked, cost_usd, cost_basis, charged, error_kind, error },
    created_at: row.created_at.toISOString(),
    cancel_asked: row.cancel_asked_at !== null,
  };
}

/** One job for an operator. Its prompt and the links to its files are its caller's: how long, and on which host, is told. */
export function detailOf(job: WholeJob, events: readonly JobEvent[]): JobDetail {
  const { assigned, pinned, stage, weights_version, adapter, key_version, provider_model, request_id } = job;
  const { queue_position, http_status, units, cancel_said } = job;
  return {
    ...itemOf(job),
    ...{ assigned, pinned, stage, weights_version, adapter, key_version, provider_model, request_id },
    ...{ queue_position, http_status, units, cancel_said },
    base_url: withoutLogin(job.base_url),
    request: Object.entries(job.request).flatMap(([name, value]) => memberOf(name, value)),
    attempts: job.attempts.map(({ attempt, provider, latency_ms, error_kind, error }) => {
      return { attempt, provider, latency_ms, error_kind, error };
    }),
    outputs: job.outputs.map(outputOf),
    accepted_at: iso(job.accepted_at),
    started_at: iso(job.started_at),
    cancel_asked_at: iso(job.cancel_asked_at),
    ended_at: iso(job.ended_at),
    expires_at: iso(job.expires_at),
    events: events.map(logRowOf),
  };
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** A word such as `16:9` or `1280x720`. */
const word = /^[\x21-\x7e]{1,40}$/;
const isProse = /prompt|text|lyrics|caption|title/i;

function memberOf(name: string, value: unknown): ShownMember[] {
  if (value === undefined || value === null || name === 'price_key') return [];
  if (Array.isArray(value)) return value.flatMap((each, at) => memberOf(`${name} ${at + 1}`, each));
  if (typeof value === 'number' || typeof value === 'boolean') return [{ name, value }];
  if (typeof value !== 'string') return [{ name, value: null, characters: JSON.stringify(value).length }];
  const host = hostOf(value);
  if (host !== null) return [{ name, value: null, host }];
  if (isProse.test(name) || !word.test(value)) return [{ name, value: null, characters: value.length }];
  return [{ name, value }];
}

function outputOf({ url, kind, content_type, width, height, seconds, bytes }: JobOutputRow): ShownOutput {
  return {
    kind: kind ?? 'file',
    content_type: content_type ?? null,
    host: url === undefined ? null : hostOf(url),
    ...{ width: width ?? null, height: height ?? null, seconds: seconds ?? null, bytes: bytes ?? null },
  };
}

function hostOf(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  return new URL(text).host;
}

function withoutLogin(text: string): string {
  return URL.canParse(text) ? new URL(text).origin : '';
}

function logRowOf({ type, at, data }: JobEvent): JobLogRow {
  const text = (name: string) => (typeof data[name] === 'string' ? String(data[name]) : null);
  const number = (name: string) => (typeof data[name] === 'number' ? Number(data[name]) : null);
  return {
    at: at.toISOString(),
    type,
    phase: text('phase'),
    arm: text('arm'),
    provider: text('provider'),
    attempt: number('attempt'),
    latency_ms: number('latency_ms'),
    duration_ms: number('duration_ms'),
    outcome: text('outcome'),
    error_kind: text('error_kind'),
    cost_usd: number('cost_usd'),
  };
}
