import { parseDuration } from '@/lib/kernel/duration';
import type { Sql } from '@/lib/postgres/sql';
import type { SplitKind } from '@/lib/registry/registry';
import type { VerdictKind } from '@/lib/rule/verdict';
import type { Metric } from '@/lib/split/policy/metrics';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { firstSplit } from '@/lib/split/split-key';
import { looselyRead, type Weights } from '@/lib/split/weights';
import type { TickRecord } from '../ticks/tick-record';

/** One row of the list of splits: what is known of it without judging. Instants are epoch milliseconds. */
export interface ListedSplit {
  readonly key: string;
  readonly slug: string;
  readonly kind: SplitKind;
  readonly label: string;
  /** A relay takes the requests below these, also where they name no split. */
  readonly prefixes: readonly string[];
  readonly isDefault: boolean;
  readonly archivedAtMs: number | null;
  /** null: it never had weights. */
  readonly version: number | null;
  /** As they are stored; null where there are none, or none that are an object. */
  readonly weights: Weights | null;
  readonly stage: string | null;
  readonly sinceMs: number | null;
  readonly by: string | null;
  readonly rolloutStartedAtMs: number | null;
  readonly pausedAtMs: number | null;
  readonly pausedBy: string | null;
  readonly pauseReason: string | null;
  readonly latchedAtMs: number | null;
  /** Who re-armed it, where that is the last that was done to it but for pauses. */
  readonly rearmedBy: string | null;
  /** Arms that were taken back, each by itself or with the others. */
  readonly latchedArms: readonly string[];
  /** Of its policy; null where none is stored, or none that can be read. */
  readonly plan: ListedPlan | null;
  /** What the last tick said of each line, the worst first. */
  readonly lines: readonly ListedLine[];
  /** The weights that were written last, newest first. */
  readonly steps: readonly { readonly atMs: number; readonly weights: Weights | null }[];
  /** First attempts of the last five minutes. */
  readonly requests: number;
  /** Of its last whole minute. */
  readonly lastMinute: number;
  readonly imageHours: number | null;
  readonly pausedSeconds: number;
  /** Why the last tick could not judge it. */
  readonly error: string | null;
}

/** What a list needs of a policy; it is not judged here. */
interface ListedPlan {
  readonly baseline: string;
  readonly stages: readonly { readonly name: string; readonly observeSeconds: number | null }[];
  /** Lines that only alert. */
  readonly signals: readonly string[];
}

export interface ListedLine {
  readonly arm: string;
  readonly metric: Metric;
  readonly verdict: VerdictKind;
  readonly value: number | null;
  readonly limit: number | null;
  readonly breachedForSeconds: number;
  readonly holdSeconds: number;
  /** When it was judged. */
  readonly atMs: number;
  readonly tick: Pick<TickRecord, 'by' | 'intervalSeconds' | 'atMs'>;
}

interface Row {
  readonly key: string;
  readonly slug: string;
  readonly kind: SplitKind;
  readonly label: string;
  readonly prefixes: readonly string[];
  readonly is_default: boolean;
  readonly archived_at: Date | null;
  readonly version: number | null;
  readonly flag_value_text: string | null;
  readonly stage: string | null;
  readonly stage_started_at: Date | null;
  readonly stage_by: string | null;
  readonly rollout_started_at: Date | null;
  readonly paused_at: Date | null;
  readonly paused_by: string | null;
  readonly pause_reason: string | null;
  readonly latched_at: Date | null;
  readonly rearmed_by: string | null;
  readonly latched_arms: readonly string[];
  readonly policy_text: string | null;
  readonly lines: ListedLine[] | null;
  readonly steps: { readonly atMs: number; readonly text: string | null }[] | null;
  readonly requests: number;
  readonly last_minute: number;
  readonly image_hours: number | null;
  readonly paused_seconds: number | null;
  readonly error: string | null;
}

/** A list draws no more of a rollout. */
const mostSteps = 12;

export async function listSplits(sql: Sql): Promise<readonly ListedSplit[]> {
  const rows = await sql<Row[]>`
    select s.key, s.slug, s.kind, s.label, s.is_default, s.archived_at, s.image_hours,
      array(select jsonb_array_elements_text(s.match -> 'prefixes')) as prefixes, f.version, f.flag_value_text, f.stage,
      f.stage_started_at, f.stage_by, f.rollout_started_at, f.paused_at, f.paused_by, f.pause_reason, f.latched_at,
      coalesce(a.latched, '{}') as latched_arms,
      p.flag_value_text as policy_text, t.error, extract(epoch from f.paused_for)::float8 as paused_seconds,
      (select jsonb_agg(jsonb_build_object('arm', l -> 'arm', 'metric', l -> 'metric', 'verdict', l -> 'verdict',
        'value', l -> 'value', 'limit', l -> 'limit', 'breachedForSeconds', coalesce(l -> 'breachedForSeconds', '0'),
        'holdSeconds', coalesce(l -> 'holdSeconds', '0'), 'atMs', t.decision -> 'atMs', 'tick', jsonb_build_object('by', t.by, 'intervalSeconds', t.interval_seconds,
          'atMs', extract(epoch from t.at) * 1000)))
        from jsonb_array_elements(t.decision -> 'lines') l) as lines,
      (select jsonb_agg(jsonb_build_object('atMs', extract(epoch from w.at) * 1000, 'text', w.becomes) order by w.id desc) from (
        select j.id, j.at, j.becomes from sluice.journal j
        where j.flag_key = s.key and j.was is distinct from j.becomes and length(j.becomes) < 2000
        order by j.at desc limit ${mostSteps}) w) as steps,
      (select case j.verb when 'rearm' then j.actor end from sluice.journal j
        where j.flag_key = s.key and j.verb not in ('pause', 'resume') order by j.at desc limit 1) as rearmed_by,
      coalesce(r.requests, 0)::float8 as requests, coalesce(r.last_minute, 0)::float8 as last_minute
    from sluice.splits s
    left join public.feature_flags f on f.flag_key = s.key
    left join public.feature_flags p on p.flag_key = sluice.policy_key(s.key)
    left join (
      select a.split, array_agg(a.arm order by a.arm) as latched from sluice.arm_state a
      where a.latched_at is not null group by a.split) a on a.split = s.key
    left join lateral (
      select t.error, t.decision, t.by, t.interval_seconds, t.at from sluice.ticks t where t.split = s.key order by t.slot desc limit 1) t on true
    left join lateral (
      select sum(c.requests) as requests, sum(c.requests) filter (
        where c.at > date_bin('10 seconds', now(), 'epoch') - interval '1 minute'
          and c.at <= date_bin('10 seconds', now(), 'epoch')) as last_minute
      from (
        select b.at, b.requests from sluice.buckets b
        where b.split = s.key and b.at > now() - interval '5 minutes' and b.doubt = ''
        union all
        select d.at, d.requests from sluice.bucket_deltas d
        where d.split = s.key and d.at > now() - interval '5 minutes' and d.doubt = '') c) r on true
    order by s.is_default desc, s.slug`;
  return rows.map(listedOf);
}

/** null: no split has this slug. */
export async function keyOfSlug(sql: Sql, slug: string): Promise<string | null> {
  const [row] = await sql<{ key: string }[]>`select s.key from sluice.splits s where s.slug = ${slug}`;
  return row?.key ?? null;
}

const ms = (at: Date | null): number | null => at?.getTime() ?? null;

function listedOf(row: Row): ListedSplit {
  const { key, slug, kind, label, prefixes, version, stage, error } = row;
  return {
    ...{ key, slug, kind, label, prefixes, version, stage, error },
    isDefault: row.is_default,
    archivedAtMs: ms(row.archived_at),
    weights: looselyRead(row.flag_value_text),
    sinceMs: ms(row.stage_started_at),
    by: row.stage_by,
    rolloutStartedAtMs: ms(row.rollout_started_at),
    pausedAtMs: ms(row.paused_at),
    pausedBy: row.paused_by,
    pauseReason: row.pause_reason,
    latchedAtMs: ms(row.latched_at),
    rearmedBy: row.rearmed_by,
    latchedArms: row.latched_arms,
    plan: planOf(key, row.policy_text),
    lines: (row.lines ?? []).toSorted((a, b) => worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict)),
    steps: (row.steps ?? []).map(({ atMs, text }) => ({ atMs, weights: looselyRead(text) })),
    requests: row.requests,
    lastMinute: row.last_minute,
    imageHours: row.image_hours,
    pausedSeconds: row.paused_seconds ?? 0,
  };
}

const worstFirst: readonly VerdictKind[] = [
  'held',
  'shared_cause',
  'breach',
  'blind',
  'insufficient',
  'no_traffic',
  'ok',
];

function planOf(key: string, text: string | null): ListedPlan | null {
  if (text === null) return key === firstSplit ? planOfValue(defaultPolicy) : null;
  try {
    return planOfValue(JSON.parse(text));
  } catch {
    return null;
  }
}

type Loose = Readonly<Record<string, unknown>> | null;

function planOfValue(value: unknown): ListedPlan {
  const { baseline, stages, redLines } = (value ?? {}) as {
    readonly [key in 'baseline' | 'stages' | 'redLines']?: unknown;
  };
  const named: readonly unknown[] = Array.isArray(stages) ? stages : defaultPolicy.stages;
  const lines: readonly unknown[] = Array.isArray(redLines) ? redLines : [];
  return {
    baseline: typeof baseline === 'string' ? baseline : defaultPolicy.baseline,
    stages: named.map((stage) => stageOf(stage as Loose)),
    signals: lines.flatMap((line) => {
      const { metric, action } = (line ?? {}) as { readonly metric?: unknown; readonly action?: unknown };
      return action === 'signal' ? [String(metric)] : [];
    }),
  };
}

/** As it is stored, or as the default has it. */
function stageOf(stage: Loose): ListedPlan['stages'][number] {
  const { observe, observeSeconds } = stage ?? {};
  const seconds = typeof observe === 'string' ? parseDuration(observe) : observeSeconds;
  return { name: String(stage?.name), observeSeconds: typeof seconds === 'number' ? seconds : null };
}
