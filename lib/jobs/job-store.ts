import type { JobOutput } from '@/lib/gateway/providers/job-calls';
import { gathered } from '@/lib/kernel/gathered';
import { jsonText } from '@/lib/kernel/json-text';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import type { JobState } from './job-state';
import type { JobDoor, JobView } from './job-view';
import { orderWrites } from './order-writes';

interface Listing {
  readonly caller: string;
  readonly limit: number;
  /** The id of the last job of the page before. */
  readonly after: string | null;
  /** null: all of them. */
  readonly states: readonly JobState[] | null;
  /** Left out: through any door. */
  readonly door?: JobDoor;
  readonly oldestFirst?: boolean;
}

export type JobStore = ReturnType<typeof jobStore>;

const readTogether = { most: 200, flights: 2, patienceMs: 20 };
const withinMs = 1500;

export function jobStore(sql: Sql) {
  return {
    ...orderWrites(sql),
    /** null: there is no such job. */
    read: gathered((ids: readonly string[]) => readAll(sql, ids), readTogether),

    /** The newest first, unless it is asked for otherwise. */
    async list({ caller, limit, after, states, door, oldestFirst = false }: Listing): Promise<readonly JobView[]> {
      const [beyond, order] = oldestFirst ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
      const query = sql<Row[]>`
        select ${columns(sql)} from sluice.jobs j
        where j.caller = ${caller} and j.deleted_at is null
          and (${states === null} or j.state in (select jsonb_array_elements_text(${jsonText(states ?? [])}::text::jsonb)))
          and (${door ?? null}::text is null or j.door = ${door ?? null}::text)
          and (${after}::uuid is null or (j.created_at, j.id) ${beyond}
            (select a.created_at, a.id from sluice.jobs a where a.id = ${after}::uuid and a.caller = ${caller}))
        order by j.created_at ${order}, j.id ${order} limit ${limit}`;
      return (await queryWithin(withinMs, query, 'listing jobs')).map(viewOf);
    },

    /** Its provider is asked to stop at the next look, which is now; null: it has ended, or is not there. */
    async askCancel(id: string, caller: string): Promise<JobView | null> {
      const query = sql<Row[]>`
        update sluice.jobs j set cancel_asked_at = coalesce(j.cancel_asked_at, now()),
          due_at = case j.state when 'attempting' then j.due_at else least(j.due_at, now()) end
        where j.id = ${id} and j.caller = ${caller} and j.ended_at is null and j.deleted_at is null
        returning ${columns(sql)}`;
      const [row] = await queryWithin(withinMs, query, 'asking for a cancellation');
      return row ? viewOf(row) : null;
    },

    /** Hides it from its caller; false: it runs, or is not there. */
    async hide(id: string, caller: string): Promise<boolean> {
      const query = sql`
        update sluice.jobs j set deleted_at = now()
        where j.id = ${id} and j.caller = ${caller} and j.ended_at is not null and j.deleted_at is null`;
      return (await queryWithin(withinMs, query, 'hiding a job')).count === 1;
    },
  };
}

/** Each by the index, however few there were when this was planned: of a join Postgres expects to read all jobs there are. */
async function readAll(sql: Sql, ids: readonly string[]): Promise<(JobView | null)[]> {
  const query = sql<Row[]>`
    select ${columns(sql)} from jsonb_array_elements_text(${jsonText(ids)}::text::jsonb) v
    cross join lateral (select * from sluice.jobs j where j.id = v::uuid and j.deleted_at is null offset 0) j`;
  const found = new Map((await queryWithin(withinMs, query, 'reading a job')).map((row) => [row.id, viewOf(row)]));
  return ids.map((id) => found.get(id) ?? null);
}

/** A row as `columns` reads it. */
export type Row = Omit<JobView, 'weightsVersion' | 'costUsd' | 'units' | 'outputs'> & {
  readonly outputs: readonly OutputRow[];
  readonly weightsVersion: string | null;
  readonly costUsd: string | null;
  readonly units: string | null;
};

export const columns = (sql: Sql) => sql`
  j.id, j.door, j.caller, j.request_id as "requestId", j.split, j.arm, j.provider, j.adapter, j.model,
  j.provider_model as "providerModel", j.weights_version::text as "weightsVersion", j.state, j.request,
  j.upstream_id as "upstreamId", j.attempts, j.progress, j.queue_position as "queuePosition", j.logs, j.outputs,
  j.payload, j.error_kind as "errorKind", j.error, j.http_status as "httpStatus", j.cost_usd::text as "costUsd",
  j.cost_basis as "costBasis", j.units::text as units, j.charged, j.remix_of as "remixOf", j.blocked,
  j.created_at as "createdAt", j.accepted_at as "acceptedAt", j.started_at as "startedAt", j.ended_at as "endedAt",
  j.expires_at as "expiresAt", j.cancel_asked_at as "cancelAskedAt"`;

type OutputRow = Omit<JobOutput, 'contentType' | 'thumbnailUrl'> & {
  readonly content_type?: string | null;
  readonly thumbnail_url?: string;
};

export function viewOf(row: Row): JobView {
  const { weightsVersion, costUsd, units } = row;
  const outputs = row.outputs.map(outputOf);
  const numbers = { weightsVersion: numberOf(weightsVersion), costUsd: numberOf(costUsd), units: numberOf(units) };
  return { ...row, ...numbers, outputs };
}

function outputOf({ content_type: contentType = null, thumbnail_url: thumbnailUrl, ...rest }: OutputRow): JobOutput {
  return { ...rest, contentType, thumbnailUrl };
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
