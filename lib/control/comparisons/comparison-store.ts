import { actingAs } from '@/lib/access/acting-as';
import {
  type ComparisonChoice,
  type ComparisonItem,
  type ComparisonSide,
  type ComparisonSideName,
  type ComparisonsView,
  comparisonSides,
} from '@/lib/api/comparisons-view';
import { jsonText } from '@/lib/kernel/json-text';
import type { Sql } from '@/lib/postgres/sql';
import { limitWaits } from '@/lib/postgres/transaction';

export type ComparisonStore = ReturnType<typeof comparisonStore>;

/** What is kept of a comparison: not its prompt, and not its images. */
export interface KeptComparison {
  readonly model: string;
  readonly prompt_hash: string;
  readonly blind: boolean;
  readonly cost_usd: number | null;
  readonly sides: Readonly<Record<ComparisonSideName, ComparisonSide>>;
}

interface Row extends Omit<ComparisonItem, 'at' | 'told' | 'votes'> {
  readonly at: Date;
  readonly votes: ComparisonItem['votes'] | null;
}

/** Comparisons of one split, and what people said of them. */
export function comparisonStore(sql: Sql, split: string) {
  const find = async (id: number): Promise<ComparisonItem | null> => {
    const [row] = await rowsOf(sql, split, sql`and c.id = ${id}`, 1);
    return row === undefined ? null : itemOf(row);
  };
  return {
    find,
    /** Kept and journaled at once; its number. */
    async keep(made: KeptComparison, actor: string): Promise<number> {
      const [row] = await writing(
        sql,
        actor,
        (tx) => tx<{ id: number }[]>`
        select sluice.keep_comparison(${jsonText({ ...made, split })}::text::jsonb)::float8 as id`,
      );
      return row?.id ?? 0;
    },
    /** What an arm asked for this model when it was last compared, else for an image in the last day; null: not known. */
    async usualCost(arm: string, model: string): Promise<number | null> {
      const [row] = await sql<{ usd: number | null }[]>`
        select coalesce((
          select (s.side ->> 'cost_usd')::float8 from sluice.comparisons c
          cross join lateral (values (c.sides -> 'left'), (c.sides -> 'right')) s (side)
          where c.split = ${split} and c.model = ${model} and s.side ->> 'arm' = ${arm} and s.side ->> 'cost_usd' is not null
          order by c.id desc limit 1),
          sluice.mean_cost_of(${split}, ${arm}, now() - interval '1 day', now())::float8) as usd`;
      return row?.usd ?? null;
    },
    /** As it is after the vote; `again`: this person has voted already. */
    async vote(id: number, choice: ComparisonChoice, by: { readonly actor: string; readonly reason: string | null }) {
      if ((await find(id)) === null) return null;
      const [row] = await writing(
        sql,
        by.actor,
        (tx) => tx<{ is_new: boolean }[]>`
        select sluice.vote_comparison(${id}, ${choice}, ${by.reason}) as is_new`,
      );
      return row?.is_new ? find(id) : ('again' as const);
    },
    async list(most: number): Promise<Pick<ComparisonsView, 'comparisons' | 'votes'>> {
      const [rows, counted] = await Promise.all([rowsOf(sql, split, sql``, most), votesOf(sql, split)]);
      const arms = counted.flatMap(({ arm, votes }) => (arm === null ? [] : [[arm, votes] as const]));
      const neither = counted.find(({ arm }) => arm === null)?.votes ?? 0;
      return { comparisons: rows.map(itemOf), votes: { arms: Object.fromEntries(arms), neither } };
    },
  };
}

function writing<T>(sql: Sql, actor: string, work: (tx: Parameters<typeof actingAs>[0]) => Promise<T>): Promise<T> {
  return sql.begin(async (tx) => {
    await limitWaits(tx, 1000, 5000);
    await actingAs(tx, actor);
    return work(tx);
  }) as Promise<T>;
}

function rowsOf(sql: Sql, split: string, which: ReturnType<Sql>, most: number) {
  return sql<Row[]>`
    select c.id::float8 as id, c.at, c.by, c.model, c.prompt_hash, c.blind, c.cost_usd::float8 as cost_usd, c.sides, (
      select jsonb_agg(jsonb_build_object('by', v.by, 'at', v.at, 'choice', v.choice, 'arm', v.arm, 'reason', v.reason)
        order by v.at) from sluice.comparison_votes v where v.comparison = c.id) as votes
    from sluice.comparisons c where c.split = ${split} ${which} order by c.id desc limit ${most}`;
}

function votesOf(sql: Sql, split: string) {
  return sql<{ arm: string | null; votes: number }[]>`
    select v.arm, count(*)::float8 as votes from sluice.comparison_votes v
    join sluice.comparisons c on c.id = v.comparison where c.split = ${split} group by v.arm order by v.arm`;
}

function itemOf({ at, votes, sides, ...row }: Row): ComparisonItem {
  const told = !row.blind || votes !== null;
  return {
    ...row,
    at: at.toISOString(),
    told,
    sides: told ? sides : sidesWith(sides, hidden),
    votes: (votes ?? []).map((vote) => ({ ...vote, at: new Date(vote.at).toISOString() })),
  };
}

type Sides = ComparisonItem['sides'];

function sidesWith(sides: Sides, change: (side: ComparisonSide) => ComparisonSide): Sides {
  return Object.fromEntries(comparisonSides.map((name) => [name, change(sides[name])])) as unknown as Sides;
}

/** Without its time and price, too: they would tell which arm it is. */
function hidden({ ok, error_kind }: ComparisonSide): ComparisonSide {
  const nobody = { arm: null, provider: null, model: null, request_id: null };
  return { ok, error_kind, ...nobody, latency_ms: null, cost_usd: null, error: null };
}
