import { compact } from '@/lib/log/upkeep/maintenance';
import { connect } from '@/lib/postgres/connection';
import type { Sql } from '@/lib/postgres/sql';
import { buildControls, type ChartedControls } from '@/lib/process/build-control';
import { runTick } from '@/lib/watch/run-tick';
import { type Processor, processorOf, spent } from './processor';
import { withScratchDatabase } from './scratch-database';
import { median } from './statistics';
import { timed } from './tick-step';

export interface SplitsOptions {
  /** How many splits stand at rest. */
  readonly resting: readonly number[];
  readonly underWay: number;
  /** Events of all splits under way, in the last hour. */
  readonly events: number;
  readonly repeats: number;
  readonly say: (line: string) => void;
}

export interface SplitsRow {
  readonly what: string;
  readonly splits: number;
  readonly tickMs: number;
  readonly slowestMs: number;
  /** Processor time of a tick, of this process and of Postgres. */
  readonly nodeMs: number;
  readonly postgresMs: number;
  readonly targetMs: number | null;
}

const targets: Readonly<Record<string, number>> = { '1': 10, '100': 50, '1000': 300 };
const underWayTargetMs = 300;
const slotSeconds = 10;
const tickingName = 'bench tick';

type TickTimes = Pick<SplitsRow, 'tickMs' | 'slowestMs' | 'nodeMs' | 'postgresMs'>;

/** What one tick takes as there are more splits: at rest, and with a rollout in each of them. */
export async function run(options: SplitsOptions): Promise<readonly SplitsRow[]> {
  return withScratchDatabase(async (sql, url) => {
    const tickSql = connect(url, { name: tickingName, max: 2, silenceMs: null });
    try {
      const controls = buildControls({ sql, tickSql, build: 'bench', mode: 'live', environmentCostUsd: null });
      return await measure(new Ticking(sql, controls, options.repeats), options);
    } finally {
      await tickSql.end({ timeout: 5 });
    }
  });
}

async function measure(ticking: Ticking, options: SplitsOptions): Promise<SplitsRow[]> {
  const { sql } = ticking;
  const rows: SplitsRow[] = [];
  const said = (row: SplitsRow) => {
    rows.push(row);
    const { what, tickMs, slowestMs, nodeMs, postgresMs } = row;
    const [median, slowest, node, postgres] = [tickMs, slowestMs, nodeMs, postgresMs].map(
      (ms) => `${ms.toFixed(1)} ms`,
    );
    options.say(`${what}: ${median} a tick, the slowest ${slowest}; processor ${node} node, ${postgres} Postgres`);
  };
  // The first split is there from the beginning.
  let made = 1;
  for (const splits of [...options.resting].sort((a, b) => a - b)) {
    await addSplits(sql, made, splits);
    made = Math.max(made, splits);
    const times = await ticking.times(async () => {});
    said({ what: `${splits} at rest`, splits, ...times, targetMs: targets[String(splits)] ?? null });
  }
  await addSplits(sql, made, options.underWay + 1);
  await beginRollouts(sql, options.underWay);
  await fill(sql, options.underWay, options.events, 3600, 0);
  const perSlot = Math.ceil((options.events / 3600) * slotSeconds);
  const times = await ticking.times(() => fill(sql, options.underWay, perSlot, slotSeconds, 0));
  const splits = Math.max(made, options.underWay + 1);
  said({ what: `${options.underWay} of ${splits} under way`, splits, ...times, targetMs: underWayTargetMs });
  return rows;
}

const keyOf = (n: number) => `BENCH_${n}_WEIGHTS`;

export async function addSplits(sql: Sql, from: number, to: number): Promise<void> {
  const keys = Array.from({ length: Math.max(0, to - from) }, (_, i) => ({
    key: keyOf(from + i),
    slug: `bench-${from + i}`,
  }));
  const policy = JSON.stringify({
    ...{ baseline: 'a', candidate: 'b', rollback: { a: 1, b: 0 } },
    stages: [
      { name: 'D1', weights: { a: 0.9, b: 0.1 }, observe: '1h' },
      { name: 'D2', weights: { a: 0, b: 1 }, observe: null },
    ],
  });
  for (const { key, slug } of keys) {
    await sql.begin(async (tx) => {
      await tx`insert into sluice.splits (key, slug, kind, label) values (${key}, ${slug}, 'image', ${slug})`;
      await tx`insert into sluice.arms (split, name, provider) values (${key}, 'a', 'fal'), (${key}, 'b', 'runware')`;
      await tx`insert into feature_flags (flag_key, flag_value, flag_value_text)
        values (sluice.policy_key(${key}), false, ${policy})`;
      await tx`insert into feature_flags (flag_key, flag_value, flag_value_text) values (${key}, false, '{"a":1,"b":0}')`;
    });
  }
}

/** D1 in each, begun long enough ago that the longest look-back of the evidence is all rollout. */
async function beginRollouts(sql: Sql, count: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, n) => keyOf(n + 1));
  await sql`update feature_flags set flag_value_text = '{"a":0.9,"b":0.1}' where flag_key in ${sql(keys)}`;
  await sql`alter table public.feature_flags disable trigger all`;
  await sql`
    update public.feature_flags set rollout_started_at = now() - interval '5 hours',
      stage_started_at = now() - interval '5 hours' where flag_key in ${sql(keys)}`;
  await sql`alter table public.feature_flags enable trigger all`;
}

/** Evenly over the splits and the time: half attempts, half successes, a tenth the candidate's. */
async function fill(sql: Sql, splits: number, rows: number, seconds: number, agoSeconds: number): Promise<void> {
  const batch = 20_000;
  for (let done = 0; done < rows; done += batch) {
    const count = Math.min(batch, rows - done);
    const span = (seconds * count) / rows;
    await sql`
      insert into public.analytics_logs (event_type, event_data, created_at)
      select case when i % 2 = 0 then 'split_route' else 'split_ok' end,
        jsonb_build_object('request_id', gen_random_uuid(), 'split', 'BENCH_' || (1 + (i / 2) % ${splits}::int) || '_WEIGHTS',
          'arm', a.arm, 'assigned', a.arm, 'provider', case a.arm when 'a' then 'fal' else 'runware' end, 'attempt', 1,
          'latency_ms', 200 + (i * 7919) % 1500, 'cost_per_image', 0.003),
        now() - (${agoSeconds + (seconds * done) / rows}::float8 + i * ${span}::float8 / ${count}::int) * interval '1 second'
      from generate_series(1, ${count}::int) i
      cross join lateral (select case when (i / 2 / ${splits}::int) % 10 = 0 then 'b' else 'a' end as arm) a`;
  }
  await compact(sql);
}

/** Ticks of one process that remembers, each in a slot that nobody has decided. */
class Ticking {
  constructor(
    readonly sql: Sql,
    private readonly controls: ChartedControls,
    private readonly repeats: number,
  ) {}

  async times(before: () => Promise<void>): Promise<TickTimes> {
    const times: (Processor & { readonly tickMs: number })[] = [];
    for (let tick = -2; tick < this.repeats; tick += 1) {
      await before();
      await this.sql`delete from sluice.ticks`;
      await this.sql`delete from sluice.passes`;
      const one = await this.one();
      if (tick >= 0) times.push(one);
    }
    const of = (name: keyof (typeof times)[number]) => median(times.map((each) => each[name]));
    const slowestMs = Math.max(...times.map(({ tickMs }) => tickMs));
    return { tickMs: of('tickMs'), slowestMs, nodeMs: of('nodeMs'), postgresMs: of('postgresMs') };
  }

  private async one() {
    const patience = { by: 'bench', intervalSeconds: slotSeconds, deadlineMs: 60_000 };
    const processor = await processorOf(this.sql, `sluice ${tickingName}`);
    const from = processor();
    const [tickMs, outcome] = await timed(() => runTick(this.controls, patience));
    const used = spent(from, processor());
    if (outcome.result !== 'decided') throw new Error(`The tick did not decide: ${JSON.stringify(outcome)}`);
    const failed = outcome.splits.find(({ error }) => error !== null);
    if (failed) throw new Error(`${failed.split} could not be judged: ${failed.error}`);
    return { tickMs, ...used };
  }
}
