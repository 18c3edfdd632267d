import type { Sql } from '@/lib/postgres/sql';
import type { Head, IntegrityFault } from './integrity';

interface Row {
  readonly guards: readonly { relation: string; guard: string; fault: string }[];
  readonly chain: readonly { flag_key: string; seq: number; fault: string }[];
  readonly anchors: readonly { flag_key: string; seq: number; fault: string }[];
  readonly heads: readonly { flag_key: string; seq: number; hash: string }[];
}

export type IntegrityStore = ReturnType<typeof integrityStore>;

export function integrityStore(sql: Sql) {
  return {
    /**
     * All at one instant: the guards, the live rows beside the journal, heads that were seen before. `isWhole` also
     * verifies every hash, which reads the journal through.
     */
    async check(
      seen: readonly Head[],
      isWhole: boolean,
    ): Promise<{
      readonly faults: readonly IntegrityFault[];
      readonly heads: readonly Head[];
    }> {
      const chain = isWhole ? sql`sluice.journal_faults()` : sql`sluice.live_faults()`;
      // One statement, so that a write in between is no fault.
      const [row] = await sql<Row[]>`
        select (select coalesce(jsonb_agg(g), '[]') from sluice.guard_faults() g) as guards,
          (select coalesce(jsonb_agg(c), '[]') from ${chain} c) as chain,
          (select coalesce(jsonb_agg(a), '[]') from sluice.anchor_faults(${anchorsJson(seen)}::text::jsonb) a) as anchors,
          (select coalesce(jsonb_agg(h), '[]') from sluice.journal_heads() h) as heads`;
      if (row === undefined) return { faults: [], heads: [] };
      return {
        faults: faultsOf(row),
        heads: row.heads.map(({ flag_key, seq, hash }) => ({ flagKey: flag_key, seq, hash })),
      };
    },
  };
}

export function anchorsJson(heads: readonly Head[]): string {
  return JSON.stringify(heads.map(({ flagKey, seq, hash }) => ({ flag_key: flagKey, seq, hash })));
}

function faultsOf({ guards, chain, anchors }: Row): IntegrityFault[] {
  return [
    ...guards.map(({ relation, guard, fault }) => ({
      key: `guard ${relation}.${guard}`,
      sentence: `The trigger ${guard} of ${relation} ${fault}: writes go past it, unjudged or unrecorded.`,
    })),
    ...chain.map(({ flag_key, seq, fault }) => ({
      key: `chain ${flag_key}`,
      sentence: `The journal of ${flag_key}, row ${seq}: ${fault}.`,
    })),
    ...anchors.map(({ flag_key, seq, fault }) => ({
      key: `anchor ${flag_key}`,
      sentence: `The journal of ${flag_key}: row ${seq} ${fault}.`,
    })),
  ];
}
