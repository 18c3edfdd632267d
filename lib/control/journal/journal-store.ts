import type { JournalEntry } from '@/lib/api/journal-entry';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { policyKeyOf } from '@/lib/split/split-key';

export interface JournalQuery {
  readonly limit: number;
  readonly beforeId?: number;
  readonly flagKey?: string;
  /** A split's key: its weights, its policy, what the registry says of it, and what was compared in it. */
  readonly split?: string;
  readonly actor?: string;
  readonly verb?: string;
  readonly text?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

type Row = Omit<JournalEntry, 'at'> & { readonly at: Date };

export type JournalStore = ReturnType<typeof journalStore>;

export function journalStore(db: Sql | Tx) {
  const columns = db`j.id, j.flag_key, j.seq, j.at, j.actor, j.login, j.verb, j.was, j.becomes, j.stage_from,
    j.stage_to, j.version_from, j.version, j.reason, j.evidence, j.policy_version, encode(j.hash, 'hex') as hash`;
  return {
    async list(query: JournalQuery): Promise<readonly JournalEntry[]> {
      const rows = await db<Row[]>`
        select ${shortColumns(db)} from sluice.journal j
        where ${conditions(db, query)} order by j.id desc limit ${query.limit}`;
      return rows.map(entryOf);
    },

    async get(id: number): Promise<JournalEntry | null> {
      const [row] = await db<Row[]>`select ${columns} from sluice.journal j where j.id = ${id}`;
      return row === undefined ? null : entryOf(row);
    },

    /** By its number in the chain of its flag. */
    async at(flagKey: string, seq: number): Promise<JournalEntry | null> {
      const [row] = await db<Row[]>`
        select ${columns} from sluice.journal j where j.flag_key = ${flagKey} and j.seq = ${seq}`;
      return row === undefined ? null : entryOf(row);
    },

    /** What came next in the chain of its flag, the oldest first. */
    async after(flagKey: string, seq: number): Promise<readonly JournalEntry[]> {
      const rows = await db<Row[]>`
        select ${shortColumns(db)} from sluice.journal j
        where j.flag_key = ${flagKey} and j.seq > ${seq} order by j.seq limit ${mostAfter}`;
      return rows.map(entryOf);
    },

    /** The first broken link of each chain; empty when every hash verifies. */
    async faults(): Promise<readonly { flagKey: string; seq: number; fault: string }[]> {
      return db<{ flagKey: string; seq: number; fault: string }[]>`
        select f.flag_key as "flagKey", f.seq, f.fault from sluice.journal_faults() f order by f.flag_key, f.seq`;
    },
  };
}

const mostAfter = 100;

/** Longer than any weights or policy: a flag of another program; a list shows its beginning, an entry the whole. */
const longestText = 20_000;
const shownText = 500;

function shortColumns(db: Sql | Tx) {
  const short = (name: 'was' | 'becomes' | 'reason') => db`
    case when length(j.${db(name)}) > ${longestText}::int
      then left(j.${db(name)}, ${shownText}::int) || format('… (%s characters; the entry itself shows all)', length(j.${db(name)}))
      else j.${db(name)} end as ${db(name)}`;
  return db`j.id, j.flag_key, j.seq, j.at, j.actor, j.login, j.verb, ${short('was')}, ${short('becomes')}, j.stage_from,
    j.stage_to, j.version_from, j.version, ${short('reason')},
    case when length(j.evidence::text) > ${longestText * 10}::int
      then jsonb_build_object('cut', length(j.evidence::text)) else j.evidence end as evidence,
    j.policy_version, encode(j.hash, 'hex') as hash`;
}

function conditions(db: Sql | Tx, query: JournalQuery) {
  const { beforeId, flagKey, split, actor, verb, text, fromMs, toMs } = query;
  const pattern = text === undefined ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return db`true
    ${beforeId === undefined ? db`` : db`and j.id < ${beforeId}`}
    ${flagKey === undefined ? db`` : db`and j.flag_key = ${flagKey}`}
    ${split === undefined ? db`` : ofSplit(db, split)}
    ${actor === undefined ? db`` : db`and j.actor = ${actor}`}
    ${verb === undefined ? db`` : db`and j.verb = ${verb}`}
    ${pattern === null ? db`` : db`and concat_ws(' ', j.actor, j.verb, j.reason, j.was, j.becomes, j.stage_to) ilike ${pattern}`}
    ${fromMs === undefined ? db`` : db`and j.at >= to_timestamp(${fromMs}::float8 / 1000)`}
    ${toMs === undefined ? db`` : db`and j.at < to_timestamp(${toMs}::float8 / 1000)`}`;
}

function ofSplit(db: Sql | Tx, split: string) {
  return db`and (j.flag_key in (${split}, ${policyKeyOf(split)}) or case j.flag_key
    when 'sluice.registry' then
      ${split} in (coalesce(j.becomes, j.was)::jsonb ->> 'key', coalesce(j.becomes, j.was)::jsonb ->> 'split')
    -- As keep_comparison words it.
    when 'sluice.access' then j.verb = 'compare' and split_part(split_part(j.becomes, ' in ', 2), ':', 1) = ${split} end)`;
}

function entryOf(row: Row): JournalEntry {
  return { ...row, at: row.at.toISOString() };
}
