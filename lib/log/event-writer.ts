import { jsonText } from '@/lib/kernel/json-text';
import { isContentFault } from '@/lib/kernel/store-away';
import type { Sql } from '@/lib/postgres/sql';
import type { StoredEvent } from './stored-event';

interface Written {
  /** Rows stored by this call; 0 when the batch had been stored before. */
  readonly stored: number;
  readonly isRepeat: boolean;
  /** Events put aside in sluice.rejected_events, each with its fault. */
  readonly rejected: number;
}

/** null: the batch had been stored before. */
interface StoredRow {
  readonly stored: number | null;
}

const batchRows = 500;

export type EventWriter = ReturnType<typeof eventWriter>;

/** Without a database every batch is refused, and waits in the spool. */
export function eventWriter(sql: Sql | null) {
  return {
    /** Stores one batch in one transaction; a batch id that was stored before is not stored again. */
    writeBatch: async (batchId: string, events: readonly StoredEvent[]): Promise<unknown> => {
      if (sql === null) throw new Error('no DATABASE_URL is set');
      return writeBatch(sql, batchId, events);
    },
  };
}

/**
 * Stores a batch exactly once: its id is written in the same transaction. Faults of one event's content never lose
 * the others: the batch is then written event by event, and the poisonous one is put aside with its fault.
 */
export async function writeBatch(sql: Sql, batchId: string, events: readonly StoredEvent[]): Promise<Written> {
  if (events.length > batchRows) {
    throw new RangeError(`a batch has ${events.length} events; at most ${batchRows} are written at once`);
  }
  try {
    const [row] = await (events.every(isPlain) ? writeLines(sql, batchId, events) : writeJson(sql, batchId, events));
    return { stored: row?.stored ?? 0, isRepeat: row?.stored === null, rejected: 0 };
  } catch (error) {
    if (!isContentFault(error)) throw error;
    return writeOneByOne(sql, batchId, events.map(jsonText));
  }
}

/** What needs no quotes on a line of its own. */
const plainType = /^[\w.:-]+$/;

/** As nearly every event is. What is odd in any way goes as JSON, by which the store says what is wrong with it. */
function isPlain({ event_type, age_ms, once }: StoredEvent): boolean {
  return once === undefined && typeof event_type === 'string' && plainType.test(event_type) && Number.isFinite(age_ms);
}

function writeLines(sql: Sql, batchId: string, events: readonly StoredEvent[]) {
  const types = events.map(({ event_type }) => event_type).join('\n');
  const ages = events.map(({ age_ms }) => age_ms).join('\n');
  const datas = events.map(({ event_data }) => event_data);
  return sql<StoredRow[]>`
    select sluice.write_lines(${batchId}, string_to_array(${types}, E'\\n'),
      string_to_array(${ages}, E'\\n')::double precision[], ${textOf(datas, '\n')}) as stored`;
}

function writeJson(sql: Sql, batchId: string, events: readonly StoredEvent[]) {
  const text = `[${textOf(events, ',')}]`;
  return events.some(({ once }) => once !== undefined)
    ? sql<StoredRow[]>`select sluice.write_batch(${batchId}, ${text}::text::jsonb) as stored`
    : sql<StoredRow[]>`select sluice.write_plain_batch(${batchId}, ${text}::text::jsonb) as stored`;
}

async function writeOneByOne(sql: Sql, batchId: string, texts: readonly string[]): Promise<Written> {
  const [row] = await sql<StoredRow[]>`
    select sluice.write_batch_one_by_one(${batchId},
      array(select jsonb_array_elements_text(${JSON.stringify(texts)}::text::jsonb))) as stored`;
  if (row?.stored == null) return { stored: 0, isRepeat: true, rejected: 0 };
  return { stored: row.stored, isRepeat: false, rejected: texts.length - row.stored };
}

/** Only where there is an escape in the whole is it looked for in each. */
function textOf(values: readonly unknown[], between: string): string {
  const text = values.map((value) => JSON.stringify(value)).join(between);
  return text.includes('\\u') ? values.map(jsonText).join(between) : text;
}
