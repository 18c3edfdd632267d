import { jsonText } from '@/lib/kernel/json-text';
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
    const text = batchText(events);
    const [row] = events.some(({ once }) => once !== undefined)
      ? await sql<StoredRow[]>`select sluice.write_batch(${batchId}, ${text}::text::jsonb) as stored`
      : await sql<StoredRow[]>`select sluice.write_plain_batch(${batchId}, ${text}::text::jsonb) as stored`;
    return { stored: row?.stored ?? 0, isRepeat: row?.stored === null, rejected: 0 };
  } catch (error) {
    if (!isContentFault(error)) throw error;
    return writeOneByOne(sql, batchId, events.map(jsonText));
  }
}

async function writeOneByOne(sql: Sql, batchId: string, texts: readonly string[]): Promise<Written> {
  const [row] = await sql<StoredRow[]>`
    select sluice.write_batch_one_by_one(${batchId},
      array(select jsonb_array_elements_text(${JSON.stringify(texts)}::text::jsonb))) as stored`;
  if (row?.stored == null) return { stored: 0, isRepeat: true, rejected: 0 };
  return { stored: row.stored, isRepeat: false, rejected: texts.length - row.stored };
}

/** In one piece: only a batch with an escape in it is looked at event by event. */
function batchText(events: readonly StoredEvent[]): string {
  const text = JSON.stringify(events);
  return text.includes('\\u') ? `[${events.map(jsonText).join(',')}]` : text;
}

/** Classes: data, constraint, check option, program limit, raised by a trigger of the team. */
function isContentFault(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(22|23|44|54|P0)/.test(code);
}
