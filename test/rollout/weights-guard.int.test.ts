import { afterAll, beforeAll, expect, it } from 'vitest';
import { readWeights } from '@/lib/rollout/weights';
import { type TestDatabase, testDatabase } from '@/test/support/database';

// One question, two judges: what this process accepts and what the database accepts must be the same, in the same words.
const rules = { registered: ['fal', 'runware'], baseline: 'fal', candidate: 'runware' };

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

/** Each JSON parser has its own words for what it stumbled over. */
function withoutSyntax(sentence: string): string {
  return sentence.replace(/is not JSON \(.*\);/s, 'is not JSON;');
}
