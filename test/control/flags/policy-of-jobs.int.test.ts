import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newSplit } from '@/lib/control/splits/new-split';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { readPolicy, readPolicyValue } from '@/lib/split/policy/read-policy';
import { type TestDatabase, testDatabase } from '@/test/support/database';

const key = 'VIDEO_WEIGHTS';
const arm = (name: string, provider: string) => ({ name, provider, model: null, params: {} });
const asked = { slug: 'video', kind: 'job' as const, baseline: arm('old', 'fal'), candidates: [arm('new', 'runware')] };
let db: TestDatabase;
let stored: Record<string, unknown>;
const storedText = async () => {
  const [row] = await db.sql<{ text: string }[]>`
    select f.flag_value_text as text from public.feature_flags f where f.flag_key = 'VIDEO_POLICY'`;
  return row?.text ?? '';
};

beforeAll(async () => {
  db = await testDatabase();
  await newSplit(db.sql, asked, { actor: 'ada', reason: null });
  stored = JSON.parse(await storedText());
});
afterAll(() => db.close());

const write = (policy: unknown) => db.sql`
  update public.feature_flags set flag_value_text = ${JSON.stringify(policy)} where flag_key = 'VIDEO_POLICY'`;
const faultOf = async (policy: unknown) => {
  const [row] = await db.sql<{ fault: string | null }[]>`
    select sluice.policy_fault_of(${key}, ${JSON.stringify(policy)}) as fault`;
  return row?.fault ?? null;
};
const line = (more: object) => ({ ...stored, redLines: [{ window: '15m', hold: '10m', ...more }] });

describe('the policy of a split of jobs', () => {
  test('has the four lines of jobs by default, written out', () => {
    expect(stored.redLines).toEqual([
      { metric: 'accept_failure_rate', limit: 0.02, window: '5m', hold: '5m' },
      { metric: 'end_failure_rate', limit: 0.05, window: '15m', hold: '10m' },
      { metric: 'p95_time_to_done_ms', limit: 600_000, window: '15m', hold: '10m' },
      { metric: 'cost_per_unit', timesBaseline: 1.2, window: '1h', hold: '10m' },
    ]);
  });

  test('without lines is refused by the database, which cannot know how long a job may take', async () => {
    const { redLines: _none, ...rest } = stored;
    await expect(write(rest)).rejects.toThrow(
      "policy.redLines is missing; it must be said: how long a job may take is its model's to tell",
    );
    const reading = readPolicyValue(rest, undefined, 'own', 'job');
    expect(reading.ok && formatPolicy(reading.policy).redLines).toEqual(stored.redLines);
  });

  test.each([
    [{ metric: 'failure_rate', limit: 0.02 }],
    [{ metric: 'p95_latency_ms', limit: 8000 }],
    [{ metric: 'regenerate_voucher_rate', limit: 0.02 }],
    [{ metric: 'made_up', limit: 0.02 }],
    [{ metric: 'p95_time_to_done_ms', limit: 86_500_000 }],
    [{ metric: 'p95_time_to_done_ms', limit: 600_100 }],
    [{ metric: 'p95_time_to_done_ms', timesBaseline: 2 }],
    [{ metric: 'end_failure_rate', limit: 1.5 }],
    [{ metric: 'end_failure_rate' }],
    [{ metric: 'cost_per_unit' }],
    [{ metric: 'cost_per_unit', limit: 101 }],
  ])('with %o is refused by both in the same words', async (more) => {
    const reading = readPolicyValue(line(more), undefined, 'own', 'job');
    const fault = await faultOf(line(more));
    expect(fault).toBe(reading.ok ? null : reading.faults[0]);
    expect(fault).toMatch(/^policy\.redLines\[0\]\.(metric|limit|timesBaseline) is .{20}/);
    await expect(write(line(more))).rejects.toThrow(/was not changed/);
  });

  test.each([
    [{ metric: 'p95_time_to_done_ms', limit: 3_600_000 }],
    [{ metric: 'accept_failure_rate', limit: 0.1, action: 'signal' }],
    [{ metric: 'cost_per_unit', limit: 0.5 }],
  ])('with %o is taken, and read without being told of the kind', async (more) => {
    await write(line(more));
    const reading = readPolicy(await storedText());
    expect(reading.ok && formatPolicy(reading.policy).redLines).toEqual(line(more).redLines);
  });

  test('is no image split’s', async () => {
    const [row] = await db.sql<{ fault: string | null }[]>`
      select sluice.policy_fault(${JSON.stringify({ redLines: stored.redLines })}) as fault`;
    expect(row?.fault).toBe(
      'policy.redLines[0].metric is "accept_failure_rate"; it must be p95_latency_ms, failure_rate, cost_per_image or regenerate_voucher_rate',
    );
    const image = readPolicyValue({ redLines: stored.redLines }, undefined, 'shipped', 'image');
    expect(image.ok ? [] : image.faults[0]).toBe(row?.fault);
    const mixed = readPolicyValue({
      redLines: [formatPolicy(defaultPolicy).redLines[0], (stored.redLines as unknown[])[0]],
    });
    expect(mixed.ok ? [] : mixed.faults).toEqual([
      'policy.redLines has p95_latency_ms and accept_failure_rate; a split is of jobs, or it is not',
    ]);
  });
});
