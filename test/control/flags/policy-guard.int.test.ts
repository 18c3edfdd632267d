import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { readPolicy } from '@/lib/split/policy/read-policy';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await database.sql`insert into sluice.providers (name, label) values ('third', 'Third')`;
  await database.sql`insert into sluice.arms (split, name, provider) values ('GEN_PROVIDER_WEIGHTS', 'third', 'third')`;
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.sql`delete from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  await database.sql`delete from feature_flags`;
});

const write = (text: string) => database.sql`
  insert into feature_flags (flag_key, flag_value_text) values ('GEN_ROLLOUT_POLICY', ${text})
  on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text`;
const weights = (text: string) => database.sql`
  insert into feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', ${text})
  on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text`;
const names = ['fal', 'runware', 'third'];
const line = (more: object) => JSON.stringify({ redLines: [{ window: '5m', hold: '5m', ...more }] });
const stage = (more: object) =>
  JSON.stringify({ stages: [{ name: 'D1', weights: { fal: 0.9, runware: 0.1 }, observe: '1h', ...more }] });

test('the default of the database is the default of the code', async () => {
  const [row] = await database.sql<{ policy: unknown }[]>`select sluice.default_policy() as policy`;
  expect(row?.policy).toEqual(formatPolicy(defaultPolicy));
  expect(readPolicy(JSON.stringify(row?.policy), names)).toEqual({ ok: true, policy: defaultPolicy });
});

const refused = [
  '{bad',
  '[]',
  'null',
  `{"x":"${'y'.repeat(17_000)}"}`,
  '{"stagse":[]}',
  '{"baseline":"FAL"}',
  '{"baseline":1}',
  '{"baseline":"runware"}',
  '{"baseline":"nobody"}',
  '{"stages":[]}',
  '{"stages":{}}',
  '{"stages":[1]}',
  stage({ name: 'custom' }),
  stage({ name: ' ' }),
  stage({ more: 1 }),
  stage({ observe: '15s' }),
  stage({ observe: '91d' }),
  stage({ observe: 60 }),
  stage({ observe: undefined }),
  stage({ weights: { fal: 0.9, runware: 0.2 } }),
  stage({ weights: { fal: 1 } }),
  stage({ weights: { fal: 0.8, runware: 0.1, nobody: 0.1 } }),
  stage({ weights: { fal: '0.9', runware: 0.1 } }),
  stage({ weights: { fal: 1, runware: 0 } }),
  '{"rollback":{"fal":0.5,"runware":0.5}}',
  '{"rollback":{"fal":1}}',
  '{"redLines":[]}',
  line({ metric: 'p50', limit: 1 }),
  line({ metric: 'failure_rate' }),
  line({ metric: 'failure_rate', limit: 0 }),
  line({ metric: 'failure_rate', limit: 1 }),
  line({ metric: 'failure_rate', limit: 0.0200001 }),
  line({ metric: 'failure_rate', limit: '0.02' }),
  line({ metric: 'failure_rate', timesBaseline: 2 }),
  line({ metric: 'p95_latency_ms', limit: 8001 }),
  line({ metric: 'p95_latency_ms', limit: 0.5 }),
  line({ metric: 'p95_latency_ms', limit: 600_001 }),
  line({ metric: 'cost_per_image' }),
  line({ metric: 'cost_per_image', limit: 1, timesBaseline: 2 }),
  line({ metric: 'cost_per_image', limit: 101 }),
  line({ metric: 'cost_per_image', timesBaseline: 1 }),
  line({ metric: 'failure_rate', limit: 0.02, window: '0s' }),
  line({ metric: 'failure_rate', limit: 0.02, hold: '2d' }),
  line({ metric: 'failure_rate', limit: 0.02, hold: '5 min' }),
  line({ metric: 'failure_rate', limit: 0.02, extra: true }),
  JSON.stringify({ redLines: [1, 2].map(() => ({ metric: 'failure_rate', limit: 0.02, window: '5m', hold: '5m' })) }),
  '{"evidence":"sure"}',
  '{"minRequests":1.5}',
  '{"minRequests":-1}',
  '{"minRequests":"150"}',
  '{"baselineCostUsd":0}',
  '{"baselineCostUsd":101}',
  '{"autoAdvance":"yes"}',
  '{"autoAdvance":null}',
  '{"evidence":null}',
];

/** Of what is refused, that whose sentence both word alike to the letter. */
const worded = [
  '{"sharedCause":"ignore"}',
  '{"sharedCause":null}',
  '{"warningTolerance":1.5}',
  '{"warningTolerance":-0.1}',
  '{"warningTolerance":"0.1"}',
  '{"warningTolerance":null}',
  '{"maxPinned":1.5}',
  '{"maxPinned":-0.1}',
  '{"maxPinned":"0.1"}',
  '{"maxPinned":null}',
  '{"evidence":"sure"}',
  '{"autoAdvance":null}',
  line({ metric: 'failure_rate', limit: 0.02, action: 'page' }),
  line({ metric: 'failure_rate', limit: 0.02, action: null }),
  line({ metric: 'failure_rate', limit: 0.02, hold: '2d', action: 'page' }),
];

describe('a policy that is not valid', () => {
  test.each(refused)('%s is refused by the database and by the code', async (text) => {
    await expect(write(text)).rejects.toMatchObject({
      code: '22023',
      message: expect.stringMatching(/was not changed: .{10}/),
    });
    expect(readPolicy(text, names).ok).toBe(false);
  });

  test.each(worded)('%s is refused by both in the same words', async (text) => {
    const [row] = await database.sql<{ fault: string | null }[]>`select sluice.policy_fault(${text}) as fault`;
    const reading = readPolicy(text, names);
    expect(row?.fault).toBe(reading.ok ? null : reading.faults[0]);
    expect(row?.fault).toMatch(/; it must be /);
  });
});

describe('a policy that is valid', () => {
  test.each([
    '{}',
    '{"minRequests":0}',
    '{"baselineCostUsd":0.04,"autoAdvance":true,"evidence":"observed"}',
    line({ metric: 'p95_latency_ms', limit: 12_500 }),
    line({ metric: 'p95_latency_ms', limit: 1.25 }),
    line({ metric: 'failure_rate', limit: 0.020001, hold: '0s' }),
    line({ metric: 'cost_per_image', limit: 0.05 }),
    line({ metric: 'failure_rate', limit: 0.02, action: 'signal' }),
    line({ metric: 'failure_rate', limit: 0.02, action: 'rollback' }),
    '{"sharedCause":"act","warningTolerance":0.1}',
    '{"maxPinned":0}',
    '{"sharedCause":"block","warningTolerance":1}',
    stage({ observe: null }),
    stage({ weights: { fal: 0.7, runware: 0.2, third: 0.1 } }),
    '{"candidate":"third","stages":[{"name":"A","weights":{"fal":0,"third":1},"observe":null}],"rollback":{"fal":1,"third":0}}',
  ])('%s is accepted by both', async (text) => {
    expect(readPolicy(text, names)).toMatchObject({ ok: true });
    await write(text);
    const reading = readPolicy(text, names);
    const [row] = await database.sql<{ policy: unknown }[]>`select sluice.policy() as policy`;
    expect(readPolicy(JSON.stringify(row?.policy), names)).toEqual(reading);
  });
});

const toThird =
  '{"candidate":"third","stages":[{"name":"A","weights":{"fal":0,"third":1},"observe":null}],"rollback":{"fal":1,"third":0}}';

describe('the providers of the policy', () => {
  test('cannot change while a rollout runs, not by deleting the row either', async () => {
    await weights('{"fal":0.9,"runware":0.1,"third":0}');
    await expect(write(toThird)).rejects.toThrow(
      'policy.candidate cannot change from "runware" to "third" in D1; roll back first',
    );
    await weights('{"fal":1,"runware":0,"third":0}');
    await write(toThird);
    await weights('{"fal":0,"third":1}');
    await expect(database.sql`delete from feature_flags where flag_key = 'GEN_ROLLOUT_POLICY'`).rejects.toThrow(
      'policy.candidate cannot change from "third" to "runware" in A; roll back first',
    );
  });

  test('must be named by the weights in force', async () => {
    await weights('{"fal":1,"runware":0}');
    await expect(write(toThird)).rejects.toThrow('do not name "third"; write them with "third": 0 first');
  });
});
