import type { Charged } from '@/lib/gateway/providers/job-calls';
import { jsonText } from '@/lib/kernel/json-text';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import type { JobState } from '../job-state';
import type { LeasedJob } from './lease';

/** What a look taught of a leased job, as sluice.settle_jobs reads it. What is left out stays as it is. */
export interface Settlement {
  readonly id: string;
  readonly lease: string;
  readonly provider: string;
  readonly was: JobState;
  readonly due_was: number;
  readonly state: JobState;
  /** From now until the next look; null: it has ended. */
  readonly due_ms: number | null;
  /** The provider was asked. */
  readonly looked: boolean;
  /** The look was made in the knowledge that the caller wants it stopped. */
  readonly knew_cancel: boolean;
  readonly misses: number;
  readonly blocked: string | null;
  readonly upstream_id?: string | undefined;
  readonly upstream?: unknown;
  readonly progress?: number | undefined;
  readonly queue_position?: number | undefined;
  readonly logs?: readonly unknown[] | undefined;
  readonly outputs?: readonly unknown[] | undefined;
  readonly payload?: unknown;
  readonly error_kind?: string | undefined;
  readonly error?: string | undefined;
  readonly http_status?: number | undefined;
  readonly cost_usd?: number | undefined;
  readonly cost_basis?: string | undefined;
  readonly units?: number | undefined;
  readonly charged?: Charged | undefined;
  readonly links_for_ms?: number | undefined;
  readonly cancel_said?: 'asked' | 'late' | 'absent' | 'impossible' | undefined;
}

/** Which row it is, and what stays in it unless something was learnt. */
export function heldBy({ id, lease, provider, state, dueAtUs, misses, isCancelAsked }: LeasedJob) {
  return { id, lease, provider, was: state, due_was: dueAtUs, state, knew_cancel: isCancelAsked, misses };
}

/** As it was, but for when it is looked at next. */
export function putBack(job: LeasedJob, due_ms: number, blocked = job.blocked): Settlement {
  return { ...heldBy(job), due_ms, looked: false, blocked };
}

/** The ids of those that were still held by their lease, and stood where they were seen. */
export async function settleJobs(sql: Sql, seen: readonly Settlement[], withinMs: number): Promise<readonly string[]> {
  const query = sql<{ id: string }[]>`select s.id from sluice.settle_jobs(${jsonText(seen)}::text::jsonb) s`;
  return (await queryWithin(withinMs, query, 'settling jobs')).map(({ id }) => id);
}
