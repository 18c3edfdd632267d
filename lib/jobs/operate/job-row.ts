import type { JobItem } from '@/lib/api/jobs-view';
import type { Sql } from '@/lib/postgres/sql';

/** A job of a list as the database says it. */
export interface JobRow extends Omit<JobItem, 'created_at' | 'cancel_asked'> {
  readonly split: string;
  readonly cancel_asked_at: Date | null;
  readonly created_at: Date;
}

export const withinMs = 5000;

/** What is passed on is called like its split where its create named no model. */
const modelOf = (sql: Sql) => sql`case when j.adapter <> 'relay' or j.model <> j.provider_model then j.model end`;

export const rowOf = (sql: Sql) => sql`
  j.id, j.state, j.split, j.arm, j.provider, j.upstream_id, ${modelOf(sql)} as model, j.caller, j.door,
  extract(epoch from coalesce(j.ended_at, now()) - j.created_at)::float8 as age_seconds, j.progress::float8 as progress,
  jsonb_array_length(j.attempts) as tries, j.polls, j.misses,
  extract(epoch from j.due_at - now())::float8 as due_in_seconds, j.blocked, j.cost_usd::float8 as cost_usd, j.cost_basis,
  j.charged, j.error_kind, j.error, j.cancel_asked_at, j.created_at`;
