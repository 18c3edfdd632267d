import type { AlertKind, AlertView } from '@/lib/api/alerts';
import { jsonText } from '@/lib/kernel/json-text';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { firstSplit } from '@/lib/split/split-key';

interface Row {
  readonly id: number;
  readonly kind: AlertKind;
  readonly at: Date;
  readonly detail: string;
  readonly params: Record<string, unknown>;
  readonly journal_id: number | null;
  readonly blocks_advance: boolean;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
  readonly acknowledge_reason: string | null;
  readonly resolved_at: Date | null;
}

interface NewAlert {
  readonly kind: AlertKind;
  readonly key: string;
  readonly detail: string;
  readonly params?: unknown;
  readonly blocksAdvance: boolean;
  /** Of the installation, and shown with every split. */
  readonly everywhere?: boolean;
  readonly journalId?: number | null;
}

export type AlertStore = ReturnType<typeof alertStore>;

/**
 * The alert and its notifications are one statement: both are there or neither. With a split, the alerts are its own,
 * under keys that two splits may share; those of the installation are seen beside them.
 */
export function alertStore(db: Sql | Tx, split: string | null = null) {
  const stored = (key: string) => (split === null || split === firstSplit || split === key ? key : `${split} ${key}`);
  return {
    /** Raise once: an unresolved alert of the same kind and key is kept, not doubled. Also queues its notifications. */
    async raise({
      kind,
      key,
      detail,
      params,
      blocksAdvance,
      everywhere = false,
      journalId,
    }: NewAlert): Promise<{ id: number; isNew: boolean }> {
      const about = everywhere || split === null ? {} : { split };
      const all = jsonText({ ...(params as object | undefined), key, ...about });
      const [row] = await db<{ id: number; isNew: boolean }[]>`
        select r.id, r.is_new as "isNew" from sluice.raise_alert(${kind}, ${everywhere ? key : stored(key)}, ${detail}, ${all}::text::jsonb,
          ${blocksAdvance}, ${journalId ?? null}::bigint) r`;
      if (row === undefined) throw new Error(`the alert ${kind} of ${key} was not stored`);
      return row;
    },

    /** With `of`: only where it was raised of that. */
    async resolve(kind: AlertKind, key: string, of: string | null = null): Promise<void> {
      await db`
        update sluice.alerts a set resolved_at = clock_timestamp()
        where a.kind = ${kind} and a.key = ${stored(key)} and a.resolved_at is null
          and (${of}::text is null or a.params ->> 'of' = ${of})`;
    },

    /** Under keys as they are stored, whichever splits they are of. */
    async resolveAll(kind: AlertKind, keys: readonly string[]): Promise<void> {
      await db`
        update sluice.alerts a set resolved_at = clock_timestamp()
        where a.kind = ${kind} and a.resolved_at is null
          and a.key in (select jsonb_array_elements_text(${jsonText(keys)}::text::jsonb))`;
    },

    async acknowledge(id: number, by: string, reason: string | null): Promise<boolean> {
      const rows = await db`
        update sluice.alerts a
        set acknowledged_at = clock_timestamp(), acknowledged_by = ${by}, acknowledge_reason = ${reason}
        where a.id = ${id} and a.acknowledged_at is null and (a.resolved_at is null or a.blocks_advance)
        returning a.id`;
      return rows.length === 1;
    },

    async open(): Promise<readonly AlertView[]> {
      const rows = await db<Row[]>`
        select a.* from sluice.alerts a
        where (a.resolved_at is null or (a.blocks_advance and a.acknowledged_at is null))
          and (${split}::text is null or a.split is null or a.split = ${split})
        order by a.id desc limit 200`;
      return rows.map(viewOf);
    },
  };
}

/** The open alerts of every split, and of the installation under null, in the order of `open`. */
export async function openAlerts(db: Sql | Tx): Promise<ReadonlyMap<string | null, readonly AlertView[]>> {
  const rows = await db<(Row & { readonly split: string | null })[]>`
    select a.* from sluice.alerts a
    where a.resolved_at is null or (a.blocks_advance and a.acknowledged_at is null) order by a.id desc limit 20000`;
  const found = new Map<string | null, AlertView[]>();
  for (const row of rows) {
    const known = found.get(row.split);
    if (known) known.push(viewOf(row));
    else found.set(row.split, [viewOf(row)]);
  }
  return found;
}

function viewOf(row: Row): AlertView {
  const { id, kind, detail, params, journal_id, blocks_advance } = row;
  const acknowledged =
    row.acknowledged_at === null
      ? null
      : { at: row.acknowledged_at.toISOString(), by: row.acknowledged_by ?? '', reason: row.acknowledge_reason };
  return {
    ...{ id, kind, detail, params, journal_id, blocks_advance, acknowledged },
    at: row.at.toISOString(),
    resolved_at: row.resolved_at?.toISOString() ?? null,
  };
}
