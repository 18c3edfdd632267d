import { answerOrNull } from '@/lib/log/buckets/answer-or-null';
import type { Sql } from '@/lib/postgres/sql';
import type { Hindrance, VerdictKind } from '@/lib/rule/verdict';
import type { Metric } from '@/lib/split/policy/metrics';
import { firstSplit } from '@/lib/split/split-key';
import { Latest } from './latest';

/** One change of the split's row, as far as a story needs it. */
export interface StoryChange {
  readonly id: number;
  readonly at: Date;
  readonly actor: string;
  readonly verb: string;
  readonly was: string | null;
  readonly becomes: string | null;
  readonly stage_from: string | null;
  readonly stage_to: string | null;
  readonly reason: string | null;
  /** Of the line that rolled back. */
  readonly metric: Metric | null;
  readonly value: number | null;
}

/** What a tick said of one line. */
export interface LineSample {
  readonly slotMs: number;
  readonly arm: string;
  readonly metric: Metric;
  readonly verdict: VerdictKind;
  readonly value: number | null;
  readonly baseline: number | null;
  readonly hindrance: Hindrance | null;
  readonly over: number;
  readonly hits: number | null;
  readonly n: number | null;
  readonly chance: number | null;
}

interface StoredBreach {
  readonly arm: string | null;
  readonly metric: Metric;
  /** When a tick said so first, and for how long it was over by then. */
  readonly atMs: number;
  readonly overSeconds: number;
  readonly toMs: number | null;
}

interface Charged {
  readonly priced: number;
  readonly usd: number;
}

const mostChanges = 200;
const mostBreaches = 60;
/** A page does not wait longer for these: without an answer it says that they are not known. */
const withinMs = 400;
const minuteMs = 60_000;

export type StoryStore = ReturnType<typeof storyStore>;

/** What the page about one split tells of its past. Each question is asked once as long as its answer stays the same. */
export function storyStore(sql: Sql, split: string) {
  const latest = new Latest();
  const at = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`;
  const arm =
    split === firstSplit
      ? sql`coalesce(a.event_data ->> 'arm', a.event_data ->> 'provider')`
      : sql`a.event_data ->> 'arm'`;
  const isRow =
    split === firstSplit
      ? sql`a.event_type = 'gen_route'`
      : sql`a.event_type = 'split_route' and a.event_data ->> 'split' = ${split}`;
  return {
    /** The newest changes of the split's row, newest first. Every write of it raises the version. */
    changes: (version: number): Promise<readonly StoryChange[]> =>
      latest.to('changes', [version], async () => {
        return sql<StoryChange[]>`
          select j.id, j.at, j.actor, j.verb, left(j.was, 2000) as was, left(j.becomes, 2000) as becomes, j.stage_from,
            j.stage_to, left(j.reason, 300) as reason, j.evidence #>> '{line,metric}' as metric,
            case when jsonb_typeof(j.evidence #> '{line,value}') = 'number'
              then (j.evidence #> '{line,value}')::float8 end as value
          from sluice.journal j where j.flag_key = ${split} order by j.id desc limit ${mostChanges}`;
      }),

    /** When lines were over beyond chance since then; as of one tick, for ticks raise and end what tells of it. */
    breaches: (fromMs: number, tickMs: number): Promise<readonly StoredBreach[]> =>
      latest.to('breaches', [fromMs, tickMs], async () => {
        return sql<StoredBreach[]>`
          select a.params #>> '{line,arm}' as arm, a.params #>> '{line,metric}' as metric,
            extract(epoch from a.at)::float8 * 1000 as "atMs",
            coalesce((a.params #> '{line,breachedForSeconds}')::float8, 0) as "overSeconds",
            extract(epoch from a.resolved_at)::float8 * 1000 as "toMs"
          from sluice.alerts a
          where a.kind = 'breach_begun' and a.split = ${split} and a.at > ${at(fromMs)}
            and a.params #>> '{line,metric}' is not null
          order by a.at desc limit ${mostBreaches}`;
      }),

    /** The last tick of each minute since then; ticks are kept for three days. */
    samples: (fromMs: number, tickMs: number): Promise<readonly LineSample[]> =>
      latest.to('samples', [tickMs], async () => {
        return sql<LineSample[]>`
          select extract(epoch from t.slot)::float8 * 1000 as "slotMs", l ->> 'arm' as arm, l ->> 'metric' as metric,
            l ->> 'verdict' as verdict, (l ->> 'value')::float8 as value, (l ->> 'baselineValue')::float8 as baseline,
            l ->> 'hindrance' as hindrance, coalesce((l ->> 'breachedForSeconds')::float8, 0) as over,
            (l #>> '{evidence,hits}')::float8 as hits, (l #>> '{evidence,n}')::float8 as n,
            (l #>> '{evidence,chance}')::float8 as chance
          from (
            select distinct on (date_bin('1 minute', k.slot, 'epoch')) k.slot from sluice.ticks k
            where k.split = ${split} and k.error is null and k.slot > ${at(fromMs)}
            order by date_bin('1 minute', k.slot, 'epoch'), k.slot desc) m
          join sluice.ticks t on t.split = ${split} and t.slot = m.slot
          cross join lateral jsonb_array_elements(t.decision -> 'lines') l
          where l ->> 'arm' is not null order by t.slot`;
      }),

    /** Requests since then whose first arm failed and another answered. */
    rescued: (fromMs: number): Promise<number | null> =>
      latest.lately('rescued', [fromMs], async () => {
        const rows = await answerOrNull(
          sql,
          withinMs,
          (tx) => tx<{ n: number }[]>`
            select count(*)::float8 as n from public.analytics_logs a
            where ${isRow} and a.created_at > ${at(fromMs)} and (a.event_data -> 'attempt')::text > '1'
              and a.event_data -> 'error' is null`,
        );
        return rows?.[0]?.n ?? null;
      }),

    /** Different users whom these arms were given to since then. */
    users: (arms: readonly string[], fromMs: number): Promise<number | null> =>
      latest.lately('users', [arms, fromMs], async () => {
        const rows = await answerOrNull(
          sql,
          withinMs,
          (tx) => tx<{ n: number }[]>`
            select count(distinct a.event_data ->> 'user_hash')::float8 as n from public.analytics_logs a
            where ${isRow} and a.created_at > ${at(fromMs)}
              and ${arm} in (select jsonb_array_elements_text(${JSON.stringify(arms)}::text::jsonb))`,
        );
        return rows?.[0]?.n || null;
      }),

    /** What these arms were charged over a span, and for how many rows. */
    charged: (arms: readonly string[], fromMs: number, toMs: number): Promise<Charged> =>
      latest.lately('charged', [arms, fromMs, Math.floor(toMs / minuteMs)], () => chargedOf(arms, fromMs, toMs)),

    chargedBaseline: (baseline: string, fromMs: number, toMs: number): Promise<Charged> =>
      latest.lately('charged baseline', [baseline, fromMs, Math.floor(toMs / minuteMs)], () =>
        chargedOf([baseline], fromMs, toMs),
      ),
  };

  async function chargedOf(arms: readonly string[], fromMs: number, toMs: number): Promise<Charged> {
    const [row] = await sql<Charged[]>`
      select coalesce(sum(s.priced), 0)::float8 as priced, (coalesce(sum(s.cost_nano), 0) / 1e9)::float8 as usd
      from jsonb_array_elements_text(${JSON.stringify(arms)}::text::jsonb) n (arm)
      cross join lateral sluice.sums_of(${split}, n.arm, ${at(fromMs)}, ${at(toMs)}) s`;
    return row ?? { priced: 0, usd: 0 };
  }
}
