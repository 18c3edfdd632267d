import type { AttemptView } from '@/lib/api/views';
import type { Fields } from '@/lib/gateway/models/image-request';
import type { Charged } from '@/lib/gateway/providers/job-calls';
import { gathered } from '@/lib/kernel/gathered';
import { jsonText } from '@/lib/kernel/json-text';
import { isContentFault, isLockWait, StoreAway } from '@/lib/kernel/store-away';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import type { JobDoor } from './job-view';
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

/** Busy orders share a commit, whichever of their two writes it is; a slow one holds up no other for long. */
const together = { most: 50, flights: 2, patienceMs: 20, companyMs: 1, isOfOne: isContentFault };
/** What could not be written in time delays no order. */
const keptTogether = {
  ...{ most: 50, flights: 1, patienceMs: 20 },
  isOfOne: (error: unknown) => isContentFault(error) || isLockWait(error),
};
const withinMs = 1500;

type Write = { readonly row: NewRow } | { readonly end: CreateEnd };

/** What became of one; the half that was not asked for says nothing. */
interface Written {
  /** null: it would have had to wait for a cap that another holds, and is not written. */
  readonly begun: Date | Breach | null;
  readonly settled: Settled;
}

/** Another session holds a job of those that came together: the ends are not written. */
const held = { begun: null, settled: null } as const;

/** The two writes that an order's caller waits for: before its provider is called, and before it is answered. */
export function orderWrites(sql: Sql) {
  const write = gathered((writes: readonly Write[]) => writeWhatIsFree(sql, writes), together);
  const writeInTurn = gathered((writes: readonly Write[]) => writeAll(sql, writes, true), together);
  const writeKept = gathered((ends: readonly CreateEnd[]) => writeEnds(sql, ends), keptTogether);
  return {
    /** Committed when it is answered; says when the job was made. Throws where a cap forbids another. */
    async insert(row: NewRow): Promise<Date> {
      // Without a cap a job does not wait in line behind the jobs of callers that have one.
      const begun = (await write({ row })).begun ?? (await writeInTurn({ row })).begun;
      if (begun instanceof Date) return begun;
      if (begun !== null) throw new OverQuota(begun);
      throw new StoreAway('the database does not say what became of a job that it was given');
    },
    /** Whether it is written down; not where it has come to an end meanwhile. */
    async settle(end: CreateEnd): Promise<Settled> {
      const { settled } = await write({ end });
      return settled ?? (await writeEnds(sql, [end]))[0] ?? false;
    },
    /** The same, of what the store did not take before: never in one commit with an order that somebody waits for. */
    settleKept: (end: CreateEnd): Promise<Settled> => writeKept(end),

    /** Another arm is called instead; false: it is no longer for us to say. Throws where a cap forbids what that costs more. */
    async aim(id: string, aim: Aim): Promise<boolean> {
      const query = sql<{ over: Breach | null }[]>`
        select a.over from sluice.aim_job(${id}, ${jsonText(aim)}::text::jsonb) a`;
      const [aimed] = await orAway(queryWithin(withinMs, query, 'writing where a job goes'));
      if (aimed?.over) throw new OverQuota(aimed.over);
      return aimed !== undefined;
    },
  };
}

/** A job that another session holds costs no other caller his order: the rows go by themselves then. */
async function writeWhatIsFree(sql: Sql, writes: readonly Write[]): Promise<(Written | typeof held)[]> {
  try {
    return await writeAll(sql, writes, false);
  } catch (error) {
    const rows: readonly Write[] = writes.filter((write) => 'row' in write);
    if (!isLockWait(error) || writes.length === 1 || rows.length === writes.length) throw error;
    const made = rows.length === 0 ? [] : await writeAll(sql, rows, false);
    return writes.map((write) => made[rows.indexOf(write)] ?? held);
  }
}

async function writeEnds(sql: Sql, ends: readonly CreateEnd[]): Promise<Settled[]> {
  const writes = ends.map((end) => ({ end }));
  return (await writeAll(sql, writes, false)).map(({ settled }) => settled);
}

async function writeAll(sql: Sql, writes: readonly Write[], waits: boolean): Promise<Written[]> {
  const rows = writes.flatMap((write) => ('row' in write ? write.row : []));
  const ends = writes.flatMap((write) => ('end' in write ? write.end : []));
  const query = sql<{ id: string; created_at: Date | null; over: Breach | null; is_twin: boolean }[]>`
    select w.* from sluice.write_orders(${jsonText(rows)}::text::jsonb, ${jsonText(ends)}::text::jsonb, ${waits}) w`;
  const written = await orAway(queryWithin(withinMs, query, 'writing a job'));
  const told = new Map(written.map((row) => [row.id, row]));
  return writes.map((write) => {
    const row = told.get('row' in write ? write.row.id : write.end.id);
    if (row === undefined) return { begun: null, settled: false };
    return { begun: row.over ?? row.created_at, settled: row.is_twin ? 'twin' : true };
  });
}

async function orAway<Rows>(asked: Promise<Rows>): Promise<Rows> {
  try {
    return await asked;
  } catch (error) {
    if (!isLockWait(error)) throw error;
    throw new StoreAway('the database did not answer in time (writing a job)', { cause: error });
  }
}
