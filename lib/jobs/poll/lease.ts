import type { Fields } from '@/lib/gateway/models/image-request';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import type { JobState } from '../job-state';

/** Where a job runs, and how it is reached there. */
export interface JobPlace {
  readonly provider: string;
  readonly adapter: string;
  readonly keyVersion: number;
  readonly baseUrl: string;
}

/** A job that this process alone may look at, until the lease is over. */
export interface LeasedJob extends JobPlace {
  readonly id: string;
  readonly lease: string;
  readonly state: JobState;
  /** Microseconds since 1970, to tell whether it was moved meanwhile. */
  readonly dueAtUs: number;
  /** As the provider calls the model. */
  readonly model: string;
  readonly upstreamId: string | null;
  readonly upstream: Fields;
  readonly ageMs: number;
  readonly polls: number;
  readonly misses: number;
  readonly blocked: string | null;
  readonly isCancelAsked: boolean;
  readonly cancelSaid: 'asked' | 'late' | 'absent' | 'impossible' | null;
  /** The process that had leased it before did not give it back in time. */
  readonly wasHeld: boolean;
}

export interface Leased {
  readonly jobs: readonly LeasedJob[];
  /** Until the next job is due; null: none is. */
  readonly nextMs: number | null;
}

interface LeaseAsk {
  /** Of this batch alone: leasing the job again makes another one. */
  readonly lease: string;
  readonly most: number;
  readonly forMs: number;
  /** Places that this process cannot reach and another may, as `placeKey` writes them. */
  readonly not: readonly string[];
  readonly withinMs: number;
}

export const placeKey = ({ provider, keyVersion }: Pick<JobPlace, 'provider' | 'keyVersion'>) =>
  `${provider} ${keyVersion}`;

/** Those that are due and not leased, the oldest first. Rows that another process is just leasing are passed over. */
export async function leaseJobs(sql: Sql, { lease, most, forMs, not, withinMs }: LeaseAsk): Promise<Leased> {
  const query = sql<{ next_ms: number | null; jobs: Omit<LeasedJob, 'lease'>[] }[]>`
    select (select extract(epoch from min(j.due_at) - now())::float8 * 1000 from sluice.jobs j where j.due_at > now())
        as next_ms,
      (select coalesce(json_agg(l), '[]') from (
        select ${columns(sql)}, j."wasHeld"
        from (select (d.job).*, d.was_held as "wasHeld" from sluice.lease_jobs(${lease}, ${most}, ${forMs}, ${not}) d offset 0) j
      ) l) as jobs`;
  const [row] = await queryWithin(withinMs, query, 'leasing jobs');
  const jobs = row?.jobs.map((job) => ({ ...job, lease })) ?? [];
  return { jobs, nextMs: row?.next_ms ?? null };
}

/** One job, written by a process that has learnt of it without a lease; null: it has ended, or another holds it. */
export async function leaseJob(
  sql: Sql,
  { id, lease, forMs, withinMs }: { readonly id: string } & Pick<LeaseAsk, 'lease' | 'forMs' | 'withinMs'>,
): Promise<LeasedJob | null> {
  const query = sql<Omit<LeasedJob, 'lease'>[]>`
    update sluice.jobs j set leased_until = now() + ${forMs}::float8 * interval '1 millisecond', leased_by = ${lease}
    where j.id = ${id} and j.ended_at is null and (j.leased_until is null or j.leased_until <= now())
    returning ${columns(sql)}, false as "wasHeld"`;
  const [job] = await queryWithin(withinMs, query, 'leasing a job');
  return job ? { ...job, dueAtUs: Number(job.dueAtUs), lease } : null;
}

const columns = (sql: Sql) => sql`
  j.id, j.state, (extract(epoch from j.due_at) * 1000000)::bigint as "dueAtUs", j.provider, j.adapter,
  j.key_version as "keyVersion", j.base_url as "baseUrl", j.provider_model as model, j.upstream_id as "upstreamId",
  j.upstream, j.polls, j.misses, j.blocked, extract(epoch from now() - j.created_at)::float8 * 1000 as "ageMs",
  j.cancel_asked_at is not null as "isCancelAsked", j.cancel_said as "cancelSaid"`;
