import type { Fields } from '@/lib/gateway/models/image-request';
import type { JobState } from '@/lib/jobs/job-state';
import { type JobPlace, leaseJob } from '@/lib/jobs/poll/lease';
import { type Settlement, settleJobs } from '@/lib/jobs/poll/settle';
import { jsonText } from '@/lib/kernel/json-text';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';

/** A job as a relay finds it again: where it lives, and never anywhere else. */
export interface RelayedJob extends JobPlace {
  readonly id: string;
  readonly upstreamId: string;
  readonly split: string;
  readonly arm: string;
  readonly state: JobState;
  /** What it takes to ask for it. */
  readonly upstream: Fields;
}

/** Whose it is, and under which prefix. */
export interface Owner {
  readonly caller: string;
  readonly prefix: string;
}

/** Who asks for a job of a relay, whatever its prefixes were when it was made. */
export interface Asker extends Owner {
  readonly prefixes: readonly string[];
  /** By its key. */
  readonly split: string;
}

const withinMs = 1500;
const leaseMs = 10_000;

export type RelayedStore = ReturnType<typeof relayedStore>;

export function relayedStore(sql: Sql) {
  return {
    /** Those of them that are this caller's. Of two that share an id the first keeps it, of the prefix that is asked under. */
    async find({ caller, prefix, prefixes, split }: Asker, ids: readonly string[]): Promise<readonly RelayedJob[]> {
      const query = sql<RelayedJob[]>`
        select distinct on (j.upstream_id) j.id, j.upstream_id as "upstreamId", j.split, j.arm, j.state, j.provider,
          j.adapter, j.key_version as "keyVersion", j.base_url as "baseUrl", j.upstream
        from jsonb_array_elements_text(${jsonText(ids)}::text::jsonb) v cross join lateral (
          select * from sluice.jobs o
          where o.caller = ${caller} and o.door = 'relay' and o.upstream_id = v and o.deleted_at is null offset 0) j
        where j.upstream ->> 'prefix' in (select jsonb_array_elements_text(${jsonText(prefixes)}::text::jsonb))
          or coalesce(nullif(j.split, ''), j.request ->> 'of_split') = ${split}
        order by j.upstream_id, j.upstream ->> 'prefix' <> ${prefix}, j.created_at, j.id`;
      return queryWithin(withinMs, query, 'looking for a job');
    },

    /** null: another process looks at it now, or it has ended. */
    lease: (id: string, lease: string) => leaseJob(sql, { id, lease, forMs: leaseMs, withinMs }),

    settle: (seen: Settlement) => settleJobs(sql, [seen], withinMs),

    /** The provider took a cancellation of the caller's. */
    async noteCancelled(id: string): Promise<void> {
      const query = sql`
        update sluice.jobs j set cancel_asked_at = coalesce(j.cancel_asked_at, now()), cancel_said = 'asked',
          due_at = least(j.due_at, now() + interval '5 seconds')
        where j.id = ${id} and j.ended_at is null`;
      await queryWithin(withinMs, query, 'writing down a cancellation');
    },
  };
}
