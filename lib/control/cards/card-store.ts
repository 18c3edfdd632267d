import type { Sql } from '@/lib/postgres/sql';

/** What signs links, and when it is by the clock that all processes share. */
interface CardKey {
  readonly secret: Uint8Array;
  readonly nowMs: number;
}

export type CardStore = ReturnType<typeof cardStore>;

export function cardStore(sql: Sql) {
  return {
    /** null: its row was deleted, and no link is any good. */
    async key(): Promise<CardKey | null> {
      const [row] = await sql<CardKey[]>`
        select c.secret, (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs" from sluice.card_secret c`;
      return row ?? null;
    },
  };
}
