import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import type { IncidentView } from '@/lib/api/incident-view';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { type TestApi, testApi } from '@/test/support/api';
import { backdate, logTraffic, writeWeights } from '@/test/support/rollout';
import { sluiceLines } from '@/test/support/sluice-line';

const sluiceLine = sluiceLines();
let api: TestApi;
let seq = 0;

/** The candidate fails for eight minutes; every fourth is not rescued, and every fifth is nobody's we know. */
async function regression(): Promise<void> {
  await api.rollout.sql`
    with failing as (
      select i, 'bad-' || i as id, now() - make_interval(secs => 480 - i * 10) as at,
        jsonb_build_object('request_id', 'bad-' || i, 'model', 'flux-' || i % 2, 'assigned', 'runware')
          || case when i % 5 = 0 then '{}' else jsonb_build_object('user_hash', 'user-' || i % 7) end as common
      from generate_series(1, 48) i
    )
    insert into analytics_logs (event_type, event_data, created_at)
    select 'gen_route', f.common || '{"attempt": 1, "provider": "runware", "latency_ms": 900, "error": "broke", "error_kind": "server"}',
      f.at from failing f
    union all
    select 'gen_ok', f.common || '{"attempts": 2, "provider": "fal"}', f.at + interval '2 seconds' from failing f where f.i % 4 <> 0`;
}

beforeAll(async () => {
  api = await testApi();
  const { sql, rollout } = { sql: api.rollout.sql, rollout: api.rollout };
  await sql`update sluice.providers set label = 'Runware of the new contract' where name = 'runware'`;
  await backdate(sql, 3600);
  await logTraffic(sql, { provider: 'fal', fromSecondsAgo: 3400, perMinute: 60 });
  await logTraffic(sql, { fromSecondsAgo: 3400, toSecondsAgo: 480, perMinute: 12 });
  await regression();
  await rollout.tick();
  const [row] = await sql<{ seq: string }[]>`select seq from sluice.journal where verb = 'rollback'`;
  seq = Number(row?.seq);
  // Sent to the candidate by an instance that had not heard of it yet.
  const late = { request_id: 'late', attempt: 1, provider: 'runware', latency_ms: 10 };
  await sql`insert into analytics_logs (event_type, event_data, created_at)
    select 'gen_route', ${sql.json(late)}, j.at + interval '30 milliseconds' from sluice.journal j where j.verb = 'rollback'`;
}, 60_000);
afterAll(() => api.close());

const call = (which: number | string) => api.call(door, { path: `/api/splits/gen/incidents/${which}` });
const read = async () => (await call(seq)).body as unknown as IncidentView;

describe('a rollback, afterwards', () => {
  it('says what decided, who was hurt and who was rescued, and when it ended', async () => {
    const { entry, times, harm, failures, arms, automatic } = await read();
    expect({ arms, automatic }).toEqual({ arms: ['runware'], automatic: true });
    expect(entry).toMatchObject({ verb: 'rollback', evidence: { line: { metric: 'failure_rate', acts: true } } });
    const began = Date.parse(times.breach_began_at ?? '');
    // Both are told to a tenth of a second, of a span in milliseconds.
    const tenths = (ms: number) => Math.round(ms / 100) / 10;
    expect(times.seconds_to_rollback).toBe(tenths(Date.parse(entry.at) - began));
    // The hold is 300 s; it was over its line for longer before anybody looked.
    expect(times.seconds_to_rollback).toBeGreaterThan(420);
    expect(times.seconds_to_rollback).toBeLessThan(490);
    const last = Date.parse(times.last_request_at ?? '') - Date.parse(entry.at);
    expect(last).toBeGreaterThanOrEqual(19);
    expect(last).toBeLessThanOrEqual(21);
    expect(times.seconds_to_last_request).toBe(tenths(Date.parse(times.last_request_at ?? '') - began));
    // Counted from a window before the breach on: all that failed.
    expect(harm).toMatchObject({
      whole: true,
      slow: null,
      hurt: { requests: 12, without_user: 2 },
      rescued: { requests: 36 },
    });
    expect(harm.hurt.users).toBeGreaterThan(3);
    expect(harm.requests).toBeGreaterThan(48);
    expect(failures).toMatchObject([
      { kind: 'server', model: 'flux-0', requests: 24, rescued: 12, example: { request_id: 'bad-48', error: 'broke' } },
      { kind: 'server', model: 'flux-1', requests: 24, rescued: 24 },
    ]);
  });

  it('says what was changed in the day before, how the baseline fared, and whether it was re-armed', async () => {
    const { before, recovery, rearmed, charts } = await read();
    expect(before.map(({ verb, flag_key }) => `${flag_key} ${verb}`)).toEqual(
      expect.arrayContaining(['GEN_PROVIDER_WEIGHTS sql', expect.stringMatching(/^sluice.registry /)]),
    );
    expect(before.every(({ id, evidence }) => id > 0 && evidence === null)).toBe(true);
    expect(recovery.before).toMatchObject({ failure_rate: 0, p95_latency_ms: expect.closeTo(1200, -2) });
    expect(recovery.during?.requests).toBeGreaterThan(300);
    expect(Date.parse(charts.to)).toBeGreaterThan(Date.parse(charts.from));
    expect(rearmed).toBeNull();
    const version = await api.rollout.version();
    const written = { method: 'POST', path: '/api/splits/gen/rearm', body: { reason: 'mended' }, version };
    expect(await api.call(door, written)).toMatchObject({ status: 200 });
    expect((await read()).rearmed).toMatchObject({ by: expect.stringContaining('admin') });
  });

  it('by hand has no line and no breach, and is counted from its rollback', async () => {
    const { control, sql } = api.rollout;
    await writeWeights(sql, { fal: 0.9, runware: 0.1 });
    await rollBack(control, { reason: '# a bad <b> feeling', actor: 'operator:ann' });
    const [row] = await sql<{ seq: string }[]>`select max(seq) as seq from sluice.journal where verb = 'rollback'`;
    const { body } = await call(String(row?.seq));
    expect(body).toMatchObject({
      automatic: false,
      entry: { reason: '# a bad <b> feeling' },
      times: { breach_began_at: null, seconds_to_rollback: null },
      harm: { slow: null },
    });
  });

  it.each([
    ['99999', 'not that long'],
    ['1', 'no rollback'],
    ['x', 'whole number'],
  ])('%s is none', async (which, why) => {
    expect(await call(which)).toMatchObject({ status: 404, body: { detail: expect.stringContaining(why) } });
  });

  it('is told by the command line, as lines and as Markdown', async () => {
    const sluice = (...args: string[]) =>
      sluiceLine(['incident', 'show', ...args, '--split', 'gen'], { databaseUrl: api.rollout.database.url });
    const lines = await sluice(String(seq));
    expect(lines.stdout).toMatch(/12 requests .*failed for their callers[\s\S]*36 .*rescued/);
    expect((await sluice()).stdout, 'the last').toContain('a bad <b> feeling');
    // Text of others stays text, and nobody counts backwards.
    expect((await sluice('--markdown')).stdout).toMatch(
      /^> # a bad &lt;b&gt; feeling$[\s\S]*, [\d.]+ s before the rollback$/m,
    );
    const markdown = await sluice(String(seq), '--markdown');
    expect(markdown.stdout).toMatch(
      /^# Rollback of gen[\s\S]*## Who was hurt[\s\S]*\| server \| flux-0 \| 24 \| 12 \|/,
    );
    expect(await sluice('1')).toMatchObject({ code: 1, stderr: expect.stringContaining('no rollback') });
  });
});
