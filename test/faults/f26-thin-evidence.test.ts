import { expect } from 'vitest';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { Refusal } from '@/lib/kernel/refusal';
import type { Metric } from '@/lib/split/policy/metrics';
import { backdate, logTraffic, type TestRollout, testRollout } from '../support/rollout';
import { fault } from './fault';

type Verdicts = Partial<Record<Metric, string>>;

interface Case {
  readonly what: string;
  readonly injected: string;
  readonly traffic: (rollout: TestRollout) => Promise<unknown>;
  readonly verdicts: Verdicts;
}

const long = { fromSecondsAgo: 3600 };
const cases: readonly Case[] = [
  {
    what: 'no traffic',
    injected: 'an empty log for an hour of D1',
    traffic: async () => undefined,
    verdicts: {
      p95_latency_ms: 'no_traffic',
      failure_rate: 'no_traffic',
      cost_per_image: 'no_traffic',
      regenerate_voucher_rate: 'no_traffic',
    },
  },
  {
    what: '1 request a minute',
    injected: 'one healthy request a minute at each provider for an hour',
    traffic: async ({ sql }) => {
      for (const provider of ['fal', 'runware']) await logTraffic(sql, { provider, ...long, perMinute: 1 });
    },
    verdicts: { failure_rate: 'insufficient', p95_latency_ms: 'insufficient' },
  },
  {
    what: '1 request a minute',
    injected: 'one request a minute, a single failure five minutes ago',
    traffic: async ({ sql }) => {
      for (const provider of ['fal', 'runware'])
        await logTraffic(sql, { provider, ...long, toSecondsAgo: 290, perMinute: 1 });
      await logTraffic(sql, { fromSecondsAgo: 290, toSecondsAgo: 230, perMinute: 1, failEvery: 1 });
      await logTraffic(sql, { fromSecondsAgo: 230, perMinute: 1 });
    },
    verdicts: {},
  },
  {
    what: 'all traffic at one provider',
    injected: 'an hour of 60 a minute, all of it at the baseline',
    traffic: ({ sql }) => logTraffic(sql, { provider: 'fal', ...long }),
    verdicts: { p95_latency_ms: 'no_traffic', failure_rate: 'no_traffic', regenerate_voucher_rate: 'no_traffic' },
  },
  {
    what: 'all traffic at one provider',
    injected: 'an hour of 60 a minute, all of it at the candidate: nothing to compare its cost with',
    traffic: ({ sql }) => logTraffic(sql, long),
    verdicts: { p95_latency_ms: 'ok', failure_rate: 'ok', cost_per_image: 'insufficient' },
  },
  {
    what: 'no cost',
    injected: 'an hour of 60 a minute at both, no row with a price',
    traffic: async ({ sql }) => {
      for (const provider of ['fal', 'runware']) await logTraffic(sql, { provider, ...long });
      await sql`drop table if exists kept`;
      await sql`create table kept as select event_type, event_data - 'cost_per_image' as event_data, created_at, arrived_at from analytics_logs`;
      await emptyLog(sql);
      await sql`insert into analytics_logs (event_type, event_data, created_at, arrived_at)
        select event_type, event_data, created_at, arrived_at from kept`;
    },
    verdicts: { p95_latency_ms: 'ok', failure_rate: 'ok', cost_per_image: 'insufficient' },
  },
  {
    what: 'no gen_ok',
    injected: 'an hour of 60 a minute at both, vouchers, and no row that says an image was made',
    traffic: async ({ sql }) => {
      for (const provider of ['fal', 'runware']) await logTraffic(sql, { provider, ...long });
      await sql`create table kept as select event_type, event_data, created_at, arrived_at from analytics_logs
        where event_type <> 'gen_ok'`;
      await emptyLog(sql);
      await sql`insert into analytics_logs (event_type, event_data, created_at, arrived_at)
        select event_type, event_data, created_at, arrived_at from kept`;
      await sql`insert into analytics_logs (event_type, event_data)
        select 'voucher_issued', '{"reason":"regenerate","provider":"runware"}' from generate_series(1, 30)`;
    },
    verdicts: { p95_latency_ms: 'ok', failure_rate: 'ok', regenerate_voucher_rate: 'insufficient' },
  },
];

async function emptyLog(sql: TestRollout['sql']): Promise<void> {
  await sql`truncate analytics_logs, sluice.bucket_deltas, sluice.buckets, sluice.minutes`;
}

for (const { what, injected, traffic, verdicts } of cases) {
  fault('F26', { what, injected, expected: 'the right verdict, no rollback, no advance' }, async (saw) => {
    const rollout = await testRollout();
    await backdate(rollout.sql, 3700);
    await traffic(rollout);
    const before = await rollout.version();
    const outcome = await rollout.tick();
    if (outcome.result !== 'decided') throw new Error(JSON.stringify(outcome));
    const said = Object.fromEntries(outcome.tick.decision?.lines.map(({ metric, verdict }) => [metric, verdict]) ?? []);
    expect(said).toMatchObject(verdicts);
    expect(outcome.action).not.toBe('rollback');
    expect(outcome.action).not.toBe('advance');
    const refused = await advanceStage(rollout.control, {
      ...{ to: 'D2', expectedVersion: before, reason: 'a try', override: false, actor: 'operator:ann' },
    }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    const { code, members } = refused as Refusal;
    expect(code).toBe('gate-closed');
    expect([await rollout.version(), await rollout.stage()]).toEqual([before, 'D1']);
    const blockers = (members.blockers as { code: string }[]).map((blocker) => blocker.code);
    saw(
      `${Object.entries(said)
        .map(([metric, verdict]) => `${metric} ${verdict}`)
        .join(', ')}; advance 409: ${blockers.join(', ')}`,
    );
    await rollout.close();
  });
}
