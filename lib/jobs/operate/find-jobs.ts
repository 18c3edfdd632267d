import type { JobDetail, ShownOutput } from '@/lib/api/jobs-view';
import type { AttemptView } from '@/lib/api/views';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import { type JobRow, rowOf, withinMs } from './job-row';

/** What of a job is told as it stands in the database. */
type AsTold = Pick<
  JobDetail,
  | ('assigned' | 'weights_version' | 'stage' | 'pinned' | 'adapter' | 'key_version' | 'base_url' | 'provider_model')
  | ('request_id' | 'queue_position' | 'http_status' | 'units' | 'cancel_said')
>;

interface EveryJob extends JobRow, AsTold {
  readonly attempts: readonly AttemptView[];
  readonly accepted_at: Date | null;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly expires_at: Date | null;
  readonly leased_by: string | null;
  /** null: there is nothing to tell yet. */
  readonly webhook: WebhookFate | null;
}

/** As a web process reads it, which tells its caller of it. */
export interface WholeJob extends EveryJob {
  readonly request: Readonly<Record<string, unknown>>;
  readonly outputs: readonly JobOutputRow[];
}

/** As commands read it, without what its caller wrote and where the files lie. */
export interface ToldJob extends EveryJob {
  readonly outputs: readonly ShownOutput[];
  /** Where its caller wants to be told, without what may be secret in it. */
  readonly webhook_host: string | null;
  /** Of a relay: what it speaks. */
  readonly dialect: string | null;
}

interface WebhookFate {
  readonly attempts: number;
  readonly last_error: string | null;
  readonly delivered_at: string | null;
  readonly dead_at: string | null;
  readonly next_attempt_at: string;
}

export interface JobOutputRow {
  readonly url?: string;
  readonly kind?: string;
  readonly content_type?: string | null;
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  readonly bytes?: number;
}

/** A row of the log that speaks of a job. */
export interface JobEvent {
  readonly type: string;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

const everyOf = (sql: Sql) => sql`
  ${rowOf(sql)}, j.assigned, j.weights_version, j.stage, j.pinned, j.adapter, j.key_version, j.base_url,
  j.provider_model, j.request_id, j.attempts, j.queue_position, j.http_status,
  j.units::float8 as units, j.cancel_said, j.accepted_at, j.started_at, j.ended_at, j.expires_at, j.leased_by,
  (select jsonb_build_object('attempts', o.attempts, 'last_error', o.last_error, 'delivered_at', o.delivered_at,
    'dead_at', o.dead_at, 'next_attempt_at', o.next_attempt_at)
    from sluice.outbox o where o.job_id = j.id) as webhook`;

const hex = /^[0-9a-f]{32}$/;

/** As an id of ours, whichever door wrote it (`video_…`); null: it is none. */
export function jobIdIn(said: string): string | null {
  const id = said.replace(/^video_/, '').toLowerCase();
  return hex.test(id.replaceAll('-', '')) ? id.replaceAll('-', '') : null;
}

/** By its id; null: there is none in this split. */
export async function findJob(sql: Sql, said: string, split: string): Promise<WholeJob | null> {
  const id = jobIdIn(said);
  if (id === null) return null;
  const query = sql<
    WholeJob[]
  >`select ${everyOf(sql)}, j.request, j.outputs from sluice.jobs j where j.id = ${id}::uuid and j.split = ${split}`;
  const [job] = await queryWithin(withinMs, query, 'reading a job');
  return job ?? null;
}

/** By its id, or by what its provider or its request is called: that reads the whole table, and is not for a page. */
export async function findJobs(sql: Sql, said: string): Promise<readonly ToldJob[]> {
  const id = jobIdIn(said);
  const byId = sql`select i.id from sluice.jobs i where i.id = ${id}::uuid`;
  const query = sql<ToldJob[]>`
    select ${everyOf(sql)}, t.outputs, t.webhook_host,
      (select p.options ->> 'dialect' from sluice.providers p where p.name = j.provider and p.adapter = 'relay') as dialect
    from sluice.jobs j, sluice.told_of_job(j.id) t
    where j.id in (${byId} union select n.id from sluice.jobs n where n.upstream_id = ${said} or n.request_id = ${said})
    order by j.created_at desc limit 10`;
  return queryWithin(withinMs, query, 'reading a job');
}

/**
 * What the log says of a job: its attempts stand beside its creation, and its end at the instant at which it ended. Only
 * there is looked, so that a log of any length answers at once.
 */
export async function eventsOf(sql: Sql, id: string): Promise<readonly JobEvent[]> {
  const query = sql<JobEvent[]>`
    select a.event_type as type, a.created_at as at, a.event_data as data
    from sluice.jobs j join public.analytics_logs a
      on a.event_type in ('split_route', 'split_ok', 'split_failed') and a.event_data ->> 'request_id' = j.request_id
      and (a.created_at between j.created_at - interval '10 seconds'
        and least(coalesce(j.accepted_at, j.ended_at, now()), j.created_at + interval '10 minutes') + interval '10 seconds'
        or a.created_at = j.ended_at)
    where j.id = ${id} and (a.event_data ->> 'job_id' is null or a.event_data ->> 'job_id' = ${id})
    order by a.created_at, a.event_type limit 50`;
  return queryWithin(withinMs, query, 'reading the log of a job');
}
