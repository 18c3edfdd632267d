import type { AttemptView } from '@/lib/api/views';
import type { Fields } from '@/lib/gateway/models/image-request';
import type { Charged, JobOutput } from '@/lib/gateway/providers/job-calls';
import { gathered } from '@/lib/kernel/gathered';
import { jsonText } from '@/lib/kernel/json-text';
import { StoreAway } from '@/lib/kernel/store-away';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import type { JobState } from './job-state';
import type { JobDoor, JobView } from './job-view';
import { type Breach, OverQuota } from './over-quota';

/** Where a job goes: it is asked for there and nowhere else. */
export interface Aim {
  /** A process that has not said by then what came of it is taken for dead. */
  readonly due_ms: number;
  readonly arm: string;
  readonly provider: string;
  readonly adapter: string;
  readonly key_version: number;
  readonly base_url: string;
  readonly provider_model: string;
  /** By the price list, before its provider has said what it costs; null: the list does not say. */
  readonly hold_usd: number | null;
}

/** A job before its provider is called. */
export interface NewRow extends Aim {
  readonly id: string;
  readonly split: string;
  readonly door: JobDoor;
  readonly caller: string;
  readonly user_hash: string | null;
  readonly request_id: string;
  readonly assigned: string;
  readonly pinned: boolean;
  readonly stage: string | null;
  readonly weights_version: number | null;
  readonly model: string;
  readonly request: Fields;
  readonly remix_of: string | null;
  readonly webhook_url: string | null;
}

/** What came of calling the provider. */
export interface CreateEnd {
  readonly id: string;
  readonly state: 'accepted' | 'refused' | 'unknown';
  readonly upstream_id: string | null;
  readonly upstream: Fields;
  readonly attempts: readonly AttemptView[];
  readonly error_kind: string | null;
  readonly error: string | null;
  readonly charged: Charged;
  /** Until the first look. */
  readonly first_ms: number;
  /** How long ago it was: what the store could not take is written later. */
  readonly ago_ms: number;
}

/** Whether it is written down. `twin`: it is, and another place gave the same caller the same id before. */
export type Settled = boolean | 'twin';

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

/** Busy creates share a commit; a slow one holds up no other for long. */
const together = { most: 50, flights: 2, patienceMs: 20 };
const readTogether = { most: 200, flights: 2, patienceMs: 20 };
const withinMs = 1500;

export function jobStore(sql: Sql) {
  const begin = gathered((rows: readonly NewRow[]) => beginAll(sql, rows, false), together);
  const beginInTurn = gathered((rows: readonly NewRow[]) => beginAll(sql, rows, true), together);
  return {
    /** Committed when it is answered; says when the job was made. Throws where a cap forbids another. */
    async insert(row: NewRow): Promise<Date> {
      // Without a cap a job does not wait in line behind the jobs of callers that have one.
      const begun = (await begin(row)) ?? (await beginInTurn(row));
      if (begun instanceof Date) return begun;
      if (begun !== null) throw new OverQuota(begun);
      throw new StoreAway('the database does not say what became of a job that it was given');
    },
    /** Whether it is written down; not where it has come to an end meanwhile. */
    settle: gathered((ends: readonly CreateEnd[]) => settleAll(sql, ends), together),
    /** null: there is no such job. */
    read: gathered((ids: readonly string[]) => readAll(sql, ids), readTogether),

    /** Another arm is called instead; false: it is no longer for us to say. Throws where a cap forbids what that costs more. */
    async aim(id: string, aim: Aim): Promise<boolean> {
      const query = sql<{ over: Breach | null }[]>`
        select a.over from sluice.aim_job(${id}, ${jsonText(aim)}::text::jsonb) a`;
      const [aimed] = await orAway(queryWithin(withinMs, query, 'writing where a job goes'));
      if (aimed?.over) throw new OverQuota(aimed.over);
      return aimed !== undefined;
    },

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

/** null: it would have had to wait for a cap that another holds, and is not written. */
async function beginAll(sql: Sql, rows: readonly NewRow[], waits: boolean): Promise<(Date | Breach | null)[]> {
  const query = sql<{ id: string; created_at: Date | null; over: Breach | null }[]>`
    select b.id, b.created_at, b.over from sluice.begin_jobs(${jsonText(rows)}::text::jsonb, ${waits}) b`;
  const written = await orAway(queryWithin(withinMs, query, 'writing a job'));
  const begun = new Map(written.map((row) => [row.id, row]));
  return rows.map(({ id }) => begun.get(id)?.over ?? begun.get(id)?.created_at ?? null);
}

async function orAway<Rows>(asked: Promise<Rows>): Promise<Rows> {
  try {
    return await asked;
  } catch (error) {
    if (!isLockWait(error)) throw error;
    throw new StoreAway('the database did not answer in time (writing a job)', { cause: error });
  }
}

/** The server gave up waiting for a cap's lock: nothing is written. */
function isLockWait(error: unknown): boolean {
  return (error as { code?: unknown }).code === '55P03';
}

async function settleAll(sql: Sql, ends: readonly CreateEnd[]): Promise<Settled[]> {
  const query = sql<{ id: string; isTwin: boolean }[]>`
    select b.id, b.is_twin as "isTwin" from sluice.bind_jobs(${jsonText(ends)}::text::jsonb) b`;
  const written = await queryWithin(withinMs, query, 'binding a job');
  const settled = new Map(written.map(({ id, isTwin }) => [id, isTwin ? 'twin' : true] as const));
  return ends.map(({ id }) => settled.get(id) ?? false);
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
