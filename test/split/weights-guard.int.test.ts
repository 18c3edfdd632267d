import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPolicy } from '@/lib/split/policy/read-policy';
import { readWeights } from '@/lib/split/weights';
import { type TestDatabase, testDatabase } from '@/test/support/database';

// One question, two judges: what this process accepts and what the database accepts must be the same, in the same words.
const rules = { registered: ['fal', 'runware'], baseline: 'fal', candidates: ['runware'] };

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it.each([
  '{"fal":0.9,"runware":0.1}',
  '{"fal":0.8999999999999999,"runware":0.1}',
  '{"fal":1,"runware":-0}',
  '{"fal":1,"runware":0.000001}',
  '{"fal":1,"runware":0.000002}',
  '{"fal":0.66569349049999999,"runware":0.334307510}',
  '{"fal":1.00000000000000001,"runware":0}',
  '{"fal":99999999999999999e-17,"runware":1E-9}',
  '{"fal":0.999999,"runware":0}',
  '{"fal":0.9999985,"runware":0}',
  '',
  '{bad',
  '{"fal":NaN,"runware":1}',
  'null',
  '[]',
  '"x"',
  '1',
  '{}',
  '{"fal":1}',
  '{"runware":1}',
  '{"fal":0.9,"runwear":0.1}',
  '{"__proto__":1}',
  '{"it\'s \\\\":1}',
  '{"fal":0.5,"fal":0.5,"runware":0.5}',
  '{"f\\u0061l":0.5,"fal":0.5,"runware":0}',
  '{"fal":"0.9","runware":0.1}',
  '{"fal":null,"runware":1}',
  '{"fal":true,"runware":1}',
  '{"fal":{"a":[1, "},"]},"runware":1}',
  '{"fal":-0.1,"runware":1.1}',
  '{"fal":-1e-400,"runware":1}',
  '{"fal":1.1,"runware":0}',
  '{"fal":1e400,"runware":0}',
  '{"fal":1,"runware":0.1}',
  '{"fal":0,"runware":0}',
  'x'.repeat(4097),
])('judges %j as the database does', async (text) => {
  const [row] = await database.sql`select sluice.weights_fault(${text}) as fault`;
  const reading = readWeights(text, rules);
  expect(reading.ok ? null : withoutSyntax(reading.sentence)).toBe(row?.fault && withoutSyntax(row.fault));
});

it('judges sums a hair from the tolerance as the database does, whatever they are written with', async () => {
  const texts = Array.from({ length: 4000 }, hairline);
  const rows = await database.sql<{ text: string; fault: string | null }[]>`
    select t as text, sluice.weights_fault(t) as fault from unnest(${texts}::text[]) t`;
  const refused = rows.filter(({ fault }) => fault !== null).length;
  expect(refused).toBeGreaterThan(50);
  expect(rows.length - refused).toBeGreaterThan(50);
  for (const { text, fault } of rows) {
    const reading = readWeights(text, rules);
    expect([text, reading.ok ? null : reading.sentence]).toEqual([text, fault]);
  }
});

it('judges the shares of a policy as the database does', async () => {
  const policies = Array.from({ length: 500 }, () => {
    const [fal, runware] = nearOne(6).map(Number) as [number, number];
    return JSON.stringify({ stages: [{ name: 'D1', weights: { fal, runware }, observe: '1h' }] });
  });
  const rows = await database.sql<{ text: string; fault: string | null }[]>`
    select t as text, sluice.policy_fault(t) as fault from unnest(${policies}::text[]) t`;
  for (const { text, fault } of rows) {
    const reading = readPolicy(text, rules.registered);
    expect([text, reading.ok]).toEqual([text, fault === null]);
  }
});

/** Two shares whose sum misses 1 by the tolerance and a hair, in up to `digits` decimals more. */
function nearOne(digits: number): [string, string] {
  const extra = Math.floor(Math.random() * (digits + 1));
  const unit = 10n ** BigInt(9 + extra);
  const first = (unit * BigInt(Math.floor(Math.random() * 1e9))) / 1_000_000_000n;
  const hair = BigInt(Math.floor(Math.random() * 7) - 3);
  const away = (unit / 1_000_000n) * (Math.random() < 0.5 ? 1n : -1n) + hair;
  const decimal = (value: bigint) => `0.${value.toString().padStart(9 + extra, '0')}`;
  const second = unit - first + away;
  return [decimal(first), second < 0n || second >= unit ? '0.5' : decimal(second)];
}

function hairline(): string {
  const [fal, runware] = nearOne(10);
  const shifted = Math.random() < 0.2 ? `${runware.slice(2).replace(/^0+(?=\d)/, '')}e-${runware.length - 2}` : runware;
  return `{"fal":${fal},"runware":${shifted}}`;
}

/** Each JSON parser has its own words for what it stumbled over. */
function withoutSyntax(sentence: string): string {
  return sentence.replace(/is not JSON \(.*\);/s, 'is not JSON;');
}
