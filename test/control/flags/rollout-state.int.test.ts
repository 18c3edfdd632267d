import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '@/test/support/database';

/** The two statements of DESIGN.md §3 about flags, verbatim. */
const d1 = `insert into feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
values ('GEN_PROVIDER_WEIGHTS', false, '{"fal":0.9,"runware":0.1}', 'Provider weights: 90% FAL, 10% Runware (D1)', now(), now())
on conflict (flag_key) do update set flag_value_text = '{"fal":0.9,"runware":0.1}',
  description = 'Provider weights: 90% FAL, 10% Runware (D1)', updated_at = now();`;
const rollback = `update feature_flags set flag_value_text = '{"fal":1.0,"runware":0.0}', updated_at = now() where flag_key = 'GEN_PROVIDER_WEIGHTS';`;

interface Row {
  version: number;
  stage: string;
  stage_started_at: Date;
  stage_by: string;
  rollout_started_at: Date | null;
  paused_at: Date | null;
  paused_by: string | null;
  pause_reason: string | null;
  paused_seconds: number;
  latched_at: Date | null;
  latched_by: string | null;
  latch_reason: string | null;
  baseline_cost_usd: number | null;
}

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.close());

const run = (statement: string) => database.sql.unsafe(statement);
const write = (text: string) =>
  run(`update feature_flags set flag_value_text = '${text}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`);
const say = (verb: string, reason = 'because') =>
  database.sql.begin(async (tx) => {
    await tx`select set_config('sluice.actor', 'operator:ann', true), set_config('sluice.verb', ${verb}, true),
      set_config('sluice.reason', ${reason}, true)`;
    await tx`update feature_flags set updated_at = now() where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  });

async function row(): Promise<Row> {
  const [found] = await database.sql<Row[]>`
    select f.*, extract(epoch from f.paused_for)::float8 as paused_seconds from feature_flags f
    where f.flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  if (found === undefined) throw new Error('there is no row');
  return found;
}

const journal = () =>
  database.sql<
    Record<'actor' | 'login' | 'verb' | 'was' | 'becomes' | 'stage_from' | 'stage_to' | 'reason', string | null>[] &
      { version: number; version_from: number | null }[]
  >`select j.* from sluice.journal j order by j.id`;

describe('the plan’s own statements', () => {
  test('start D1, on an empty table and over a row', async () => {
    await run(d1);
    expect(await row()).toMatchObject({ stage: 'D1', stage_by: 'sql:postgres', latched_at: null });
    await write('{"fal":0.5,"runware":0.5}');
    await run(d1);
    expect((await row()).stage).toBe('D1');
  });

  test('roll back, which latches', async () => {
    await run(d1);
    await run(rollback);
    expect(await row()).toMatchObject({ stage: 'rolled_back', latched_by: 'sql:postgres' });
    expect(await journal()).toMatchObject([
      { verb: 'sql', was: null, becomes: '{"fal":0.9,"runware":0.1}', stage_from: null, stage_to: 'D1' },
      { verb: 'sql', stage_from: 'D1', stage_to: 'rolled_back', actor: 'sql:postgres', login: 'postgres' },
    ]);
  });

  test('D1 after a rollback is the break-glass re-arm, journaled as one', async () => {
    await run(d1);
    await run(rollback);
    await run(d1);
    expect(await row()).toMatchObject({ stage: 'D1', latched_at: null });
    expect((await journal()).map((entry) => entry.verb)).toEqual(['sql', 'sql', 'rearm']);
  });
});

describe('stage and clocks', () => {
  test.each([
    ['{"fal":0.5,"runware":0.5}', 'D2'],
    ['{"runware":1}', null],
    ['{"fal":0,"runware":1}', 'D3'],
    ['{"fal":0.7,"runware":0.3}', 'custom'],
    ['{"fal":0.9000000001,"runware":0.1}', 'D1'],
  ])('%s is %s', async (text, stage) => {
    await run(d1);
    if (stage === null) await expect(write(text)).rejects.toThrow('leave out fal');
    else {
      await write(text);
      expect((await row()).stage).toBe(stage);
    }
  });

  test('follow the stored policy', async () => {
    await run(`insert into feature_flags (flag_key, flag_value_text) values ('GEN_ROLLOUT_POLICY',
      '{"stages":[{"name":"Tiny","weights":{"fal":0.99,"runware":0.01},"observe":"10m"}]}')`);
    await run(d1);
    expect((await row()).stage).toBe('custom');
    await write('{"fal":0.99,"runware":0.01}');
    expect((await row()).stage).toBe('Tiny');
  });

  test('writing equal weights moves no clock, but is a version and a journal row', async () => {
    await run(d1);
    const before = await row();
    await write('{"runware":0.10,"fal":9e-1}');
    const after = await row();
    expect(after.version).toBeGreaterThan(before.version);
    expect({ ...after, version: 0 }).toMatchObject({
      stage_started_at: before.stage_started_at,
      rollout_started_at: before.rollout_started_at,
    });
    expect(await journal()).toHaveLength(2);
  });

  test('the rollout starts when the candidate’s share leaves 0, and only then', async () => {
    await run(d1);
    const first = (await row()).rollout_started_at;
    await write('{"fal":0.5,"runware":0.5}');
    expect((await row()).rollout_started_at).toEqual(first);
    await run(rollback);
    expect((await row()).rollout_started_at).toEqual(first);
    await run(d1);
    expect((await row()).rollout_started_at?.getTime()).toBeGreaterThan(first?.getTime() ?? 0);
  });

  test('a pause shifts the observation clock of its stage', async () => {
    await run(d1);
    await say('pause', 'lunch');
    expect(await row()).toMatchObject({ paused_by: 'operator:ann', pause_reason: 'lunch', stage: 'D1' });
    await run(`select pg_sleep(0.05)`);
    await say('resume');
    const resumed = await row();
    expect(resumed).toMatchObject({ paused_at: null, paused_by: null, pause_reason: null });
    expect(resumed.paused_seconds).toBeGreaterThan(0.04);
    await write('{"fal":0.5,"runware":0.5}');
    expect((await row()).paused_seconds).toBe(0);
  });

  test('a rollback ends a pause', async () => {
    await run(d1);
    await say('pause');
    await run(rollback);
    expect((await row()).paused_at).toBeNull();
  });

  test('state written by hand is overwritten', async () => {
    await run(d1);
    const before = await row();
    await run(`update feature_flags set stage = 'D3', stage_started_at = '2000-01-01', latched_at = now(),
      version = 1, paused_at = now(), rollout_started_at = null, baseline_cost_usd = 9`);
    expect({ ...(await row()), version: 0 }).toEqual({ ...before, version: 0, updated_at: expect.anything() });
  });
});

describe('the latch', () => {
  test('is set by weights that leave the candidate nothing, from custom too', async () => {
    await run(d1);
    await write('{"fal":0.7,"runware":0.3}');
    await run(rollback);
    expect((await row()).stage).toBe('rolled_back');
  });

  test('is not set without a rollout to roll back', async () => {
    await run(d1.replaceAll('{"fal":0.9,"runware":0.1}', '{"fal":1,"runware":0}'));
    await run(rollback);
    expect(await row()).toMatchObject({ stage: 'baseline', latched_at: null, rollout_started_at: null });
  });

  test('is taken off by a re-arm, which leaves the weights', async () => {
    await run(d1);
    await run(rollback);
    await say('rearm', 'fixed');
    expect(await row()).toMatchObject({ stage: 'baseline', latched_at: null, latched_by: null });
    expect((await journal()).at(-1)).toMatchObject({ verb: 'rearm', actor: 'operator:ann', reason: 'fixed' });
  });
});

describe('the baseline’s cost', () => {
  const priced = (hoursAgo: number, cost: number) =>
    run(`insert into analytics_logs (event_type, event_data, created_at) values ('gen_route',
      '{"provider":"fal","attempt":1,"latency_ms":100,"cost_per_image":${cost}}', now() - interval '${hoursAgo} hours')`);

  test('is frozen from its last 24 h when the rollout begins', async () => {
    await priced(30, 9);
    await priced(2, 0.04);
    await priced(1, 0.06);
    await run(d1);
    expect((await row()).baseline_cost_usd).toBeCloseTo(0.05, 6);
    await priced(0.5, 5);
    await write('{"fal":0.5,"runware":0.5}');
    expect((await row()).baseline_cost_usd).toBeCloseTo(0.05, 6);
  });

  test('is null when nothing was priced, or when it cannot be read', async () => {
    await run(d1);
    expect((await row()).baseline_cost_usd).toBeNull();
    await run(rollback);
    await run('drop function sluice.baseline_mean(text, timestamptz)');
    await run(d1);
    expect(await row()).toMatchObject({ stage: 'D1', baseline_cost_usd: null });
  });
});

describe('versions', () => {
  test('cannot be had twice, not by deleting and inserting the row', async () => {
    await run(d1);
    const before = (await row()).version;
    await run(`delete from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`);
    await run(d1);
    expect((await row()).version).toBeGreaterThan(before);
    expect(await journal()).toMatchObject([
      { verb: 'sql' },
      { verb: 'delete', becomes: null, stage_from: 'D1', stage_to: null },
      { verb: 'sql', was: null },
    ]);
  });
});
