import { expect } from 'vitest';
import { testDataPlane } from '../support/data-plane';
import { backdate, logTraffic, testRollout } from '../support/rollout';
import { fault } from './fault';

/** JSON as it would be written; `1e400` is beyond every double. */
const lies = [
  '"NaN"',
  '"Infinity"',
  '"-Infinity"',
  '-1',
  '1e308',
  '-1e308',
  '1e400',
  '"12"',
  '"abc"',
  'true',
  '[]',
  '{}',
  '3600001',
];
const members = ['latency_ms', 'cost_per_image', 'images', 'attempt', 'provider', 'assigned'];

const expected = 'refused at the API; never move a metric when they come by SQL; nothing lost';

fault(
  'F25',
  {
    what: 'NaN, ±∞, negative, 1e308, strings',
    injected: `${lies.length * members.length} lying members by SQL, through the plan's own statements`,
    expected,
  },
  async (saw) => {
    const rollout = await testRollout({ fal: 0.5, runware: 0.5 });
    const { sql } = rollout;
    await backdate(sql, 1800);
    for (const provider of ['fal', 'runware']) await logTraffic(sql, { provider, fromSecondsAgo: 900, failEvery: 50 });
    const plan = async () => [
      await sql`select event_data->>'provider' as provider,
          percentile_cont(0.95) within group (order by (event_data->>'latency_ms')::numeric) as p95
        from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '15 minutes'
          and not event_data ? 'lie' group by 1 order by 1`,
      await sql`select event_data->>'provider' as provider, avg((event_data->>'cost_per_image')::numeric) as cost
        from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '1 hour'
          and event_data->>'cost_per_image' is not null and not event_data ? 'lie' group by 1 order by 1`,
    ];
    const verdicts = async () => {
      const outcome = await rollout.tick();
      if (outcome.result !== 'decided') throw new Error(JSON.stringify(outcome));
      await rollout.age(1000);
      return outcome.tick.decision?.lines.map(({ metric, verdict, value }) => ({ metric, verdict, value }));
    };
    const [planBefore, judged] = [await plan(), await verdicts()];
    let n = 0;
    for (const member of members) {
      for (const lie of lies) {
        const data = `{"lie": true, "${member === 'provider' ? 'was' : 'provider'}": "runware", "${member}": ${lie}}`;
        await sql`insert into analytics_logs (event_type, event_data) values ('gen_route', ${data}::text::jsonb)`;
        n += 1;
      }
    }
    const kept = await sql<{ n: number }[]>`select count(*) as n from analytics_logs where event_data ? 'lie'`;
    expect(kept[0]?.n).toBe(n);
    const [aside] = await sql<{ n: number }[]>`
      select count(*) as n from analytics_logs where event_data ? 'lie' and event_data ? 'invalid'`;
    expect(aside?.n).toBe(n);
    // The plan's own SQL, unrestricted, neither throws nor sees a lie.
    const p95 = await sql<{ provider: string | null; p95: number | null }[]>`
      select event_data->>'provider' as provider,
        percentile_cont(0.95) within group (order by (event_data->>'latency_ms')::numeric) as p95
      from analytics_logs where event_type = 'gen_route' and created_at >= now() - interval '15 minutes' group by 1`;
    for (const row of p95) expect(row.p95 === null || (row.p95 > 0 && row.p95 < 8000)).toBe(true);
    expect(await plan()).toEqual(planBefore);
    const after = await verdicts();
    expect(after?.map(({ metric, verdict }) => [metric, verdict])).toEqual(
      judged?.map(({ metric, verdict }) => [metric, verdict]),
    );
    const p95Of = (lines: typeof judged) => lines?.find(({ metric }) => metric === 'p95_latency_ms')?.value;
    const costOf = (lines: typeof judged) => lines?.find(({ metric }) => metric === 'cost_per_image')?.value;
    expect([p95Of(after), costOf(after)]).toEqual([p95Of(judged), costOf(judged)]);
    saw(
      `${n} of ${n} kept with the lie in event_data.invalid; the plan's SQL throws nothing; p95 ${p95Of(after)} ms, cost and verdicts as before`,
    );
    await rollout.close();
  },
);

fault(
  'F25',
  {
    what: 'NaN, ±∞, negative, 1e308, strings',
    injected: 'the same by POST /api/events, each beside a good event',
    expected,
  },
  async (saw) => {
    const plane = await testDataPlane();
    const { events } = plane.runtime.dataPlane;
    const good = '{"event_type":"gen_route","event_data":{"provider":"fal","latency_ms":120}}';
    const before = events.stored + events.depth();
    let refused = 0;
    for (const lie of [...lies, 'NaN', 'Infinity']) {
      const bad = `{"event_type":"gen_route","event_data":{"provider":"fal","latency_ms":${lie}}}`;
      const answer = await plane.post('/api/events', `[${bad},${good}]`);
      const body = await answer.json();
      if (lie === 'NaN' || lie === 'Infinity') {
        expect([answer.status, body.code]).toEqual([400, 'malformed-json']);
        continue;
      }
      expect([answer.status, body.accepted, body.rejected]).toEqual([207, 1, 1]);
      expect(body.errors[0]).toMatchObject({ status: 422, pointer: '/0/event_data/latency_ms' });
      refused += 1;
    }
    expect(events.stored + events.depth()).toBe(before + refused);
    saw(`${refused} refused with 422 each, their ${refused} good neighbours kept; NaN and Infinity literals: 400`);
    await plane.close();
  },
);
