import type { Sql } from '@/lib/postgres/sql';

/** Jobs at one provider that have not ended. */
export interface OpenJobFacts {
  readonly provider: string;
  readonly jobs: number;
  readonly oldestSeconds: number;
  readonly blocked: number;
  /** Why, of one of them. */
  readonly why: string | null;
  /** Due for so long that some process should have looked, and leased by none. */
  readonly late: number;
  /** Of those: left behind by a process whose lease ran out. */
  readonly left: number;
  readonly lateSeconds: number | null;
}

/** How the news of a provider fared. */
export interface WebhookFacts {
  readonly provider: string;
  readonly taken: number;
  readonly refusedInARow: number;
  readonly refusedSecondsAgo: number | null;
  readonly why: string | null;
}

export interface JobFacts {
  readonly open: readonly OpenJobFacts[];
  readonly webhooks: readonly WebhookFacts[];
}

/** Empty in a schema from before there were jobs. What this role may not ask is taken for good. */
export async function readJobFacts(sql: Sql): Promise<JobFacts> {
  const [may] = await sql<{ jobs: boolean; webhooks: boolean }[]>`
    select coalesce(has_any_column_privilege(to_regclass('sluice.jobs'), 'select'), false) as jobs,
      coalesce(has_table_privilege(to_regclass('sluice.job_webhooks'), 'select'), false) as webhooks`;
  const [open, webhooks] = await Promise.all([may?.jobs ? readOpen(sql) : [], may?.webhooks ? readWebhooks(sql) : []]);
  return { open, webhooks };
}

/** By the index of what is due, which holds every job that has not ended and no other. */
async function readOpen(sql: Sql): Promise<readonly OpenJobFacts[]> {
  return sql<OpenJobFacts[]>`
    select o.provider, count(*)::int as jobs, max(o.age)::float8 as "oldestSeconds", count(o.blocked)::int as blocked,
      min(o.blocked) as why, count(*) filter (where o.is_late)::int as late,
      count(*) filter (where o.is_late and o.leased_by is not null)::int as left,
      max(o.due) filter (where o.is_late)::float8 as "lateSeconds"
    from (
      select j.provider, j.blocked, j.leased_by, extract(epoch from now() - j.created_at) as age,
        extract(epoch from now() - j.due_at) as due,
        j.due_at < now() - interval '1 minute' and coalesce(j.leased_until < now() - interval '1 minute', true) as is_late
      from sluice.jobs j where j.due_at is not null) o
    group by 1 order by 1`;
}

async function readWebhooks(sql: Sql): Promise<readonly WebhookFacts[]> {
  return sql<WebhookFacts[]>`
    select w.provider, w.taken::float8 as taken, w.refused_in_a_row::float8 as "refusedInARow", w.why,
      extract(epoch from now() - w.refused_at)::float8 as "refusedSecondsAgo"
    from sluice.job_webhooks w order by w.provider`;
}
