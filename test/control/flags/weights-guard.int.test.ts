import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readWeights } from '@/lib/split/weights';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.sql`delete from feature_flags`;
  await write('{"fal":0.9,"runware":0.1}');
});

const write = (text: string | null) => database.sql`
  insert into feature_flags (flag_key, flag_value, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', false, ${text})
  on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text`;

const stored = async () => {
  const [row] = await database.sql<{ text: string; version: number }[]>`
    select flag_value_text as text, version from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  return row;
};

const rules = { registered: ['fal', 'runware'], baseline: 'fal', candidates: ['runware'] };

const refused = [
  ['', 'is not JSON'],
  ['{bad', "'{bad' is not JSON"],
  ['{"fal":NaN,"runware":1}', 'is not JSON'],
  ['null', 'is null'],
  ['[]', 'is an array'],
  ['"x"', 'is a string'],
  ['1', 'is a number'],
  ['{}', 'name no provider'],
  ['{"fal":1}', 'leave out runware'],
  ['{"runware":1}', 'leave out fal'],
  ['{"fal":0.9,"runwear":0.1}', "'runwear' is not an arm of this split; its arms are: fal, runware"],
  ['{"fal":"0.9","runware":0.1}', 'the weight of fal is "0.9", a string; it must be a number from 0 to 1'],
  ['{"fal":null,"runware":1}', 'a null'],
  ['{"fal":{"a":1},"runware":1}', 'a object'],
  ['{"fal":-0.1,"runware":1.1}', 'the weight of fal is -0.1; it must be from 0 to 1'],
  ['{"fal":1.5,"runware":0}', 'the weight of fal is 1.5; it must be from 0 to 1'],
  ['{"fal":0.9,"runware":0.2}', 'the weights add up to 1.1; they must add up to 1'],
  ['{"fal":0.8,"runware":0.1}', 'the weights add up to 0.9; they must add up to 1'],
  ['{"fal":0,"runware":0}', 'the weights add up to 0;'],
  ['{"fal":1e400,"runware":0}', 'the weight of fal is 1e400; it must be from 0 to 1'],
  ['{"fal":0.9,"runware":0.1,"fal":0.9}', "provider 'fal' is written twice"],
  ['{"__proto__":1,"fal":0,"runware":0}', "'__proto__' is not an arm of this split"],
  ['{"f\\u0000al":1}', 'is not JSON'],
  [`{"fal":1,"runware":0,"x":"${'x'.repeat(5000)}"}`, 'at most 4096 are allowed'],
  ['['.repeat(4000), 'is not JSON'],
  ['{"fal":0.9,"runware":0.100002}', 'the weights add up to 1.000002'],
] as const;

describe('raw SQL that is not valid weights', () => {
  test.each(refused)('%s is refused with a sentence and changes nothing', async (text, sentence) => {
    const before = await stored();
    const error = await write(text).catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: '22023', message: expect.stringContaining(sentence) });
    expect((error as Error).message).toContain('GEN_PROVIDER_WEIGHTS was not changed: ');
    expect(await stored()).toEqual(before);
  });

  test('null weights are refused', async () => {
    await expect(write(null)).rejects.toThrow('the weights are null');
  });

  test.each(refused.filter(([, sentence]) => !sentence.includes('not JSON')))(
    '%s is refused in the same words by the code',
    async (text) => {
      const error = await write(text).catch((reason: Error) => reason);
      const said = readWeights(text, rules);
      expect(said.ok ? 'accepted' : said.sentence).toBe((error as Error).message.replace(/^\S+ was not changed: /, ''));
    },
  );
});

test.each([
  '{"fal":0.9,"runware":0.1}',
  '{"fal":1.0,"runware":0.0}',
  '{"fal":1,"runware":-0}',
  `{"fal":${0.7 + 0.2},"runware":0.1}`,
  '{"fal":0.33333333,"runware":0.66666667}',
  '{"fal":0.9000005,"runware":0.1}',
  ' { "runware" : 1e-1 , "fal" : 9E-1 } ',
])('%s is accepted', async (text) => {
  await write(text);
  expect((await stored())?.text).toBe(text);
  expect(readWeights(text, rules).ok).toBe(true);
});

test('a third registered provider may be left out, and may take a share', async () => {
  await database.sql`insert into sluice.providers (name, label) values ('third', 'Third')`;
  await database.sql`insert into sluice.arms (split, name, provider) values ('GEN_PROVIDER_WEIGHTS', 'third', 'third')`;
  await write('{"fal":0.5,"runware":0.25,"third":0.25}');
  expect((await stored())?.text).toContain('third');
  await write('{"fal":1,"runware":0}');
  await database.sql`delete from sluice.arms where name = 'third'`;
  await database.sql`delete from sluice.providers where name = 'third'`;
});

test('the key of the weights cannot be changed, nor another flag take it', async () => {
  const { sql } = database;
  await expect(
    sql`update feature_flags set flag_key = 'OTHER' where flag_key = 'GEN_PROVIDER_WEIGHTS'`,
  ).rejects.toThrow('GEN_PROVIDER_WEIGHTS cannot be renamed to OTHER');
  await sql`insert into feature_flags (flag_key) values ('OTHER')`;
  await expect(sql`update feature_flags set flag_key = 'GEN_ROLLOUT_POLICY' where flag_key = 'OTHER'`).rejects.toThrow(
    'cannot be renamed',
  );
});

test('foreign flags hold what they like, versioned', async () => {
  const { sql } = database;
  await sql`insert into feature_flags (flag_key, flag_value_text) values ('MY_PROVIDER_WEIGHTS', 'not json')`;
  await sql`update feature_flags set flag_value = true where flag_key = 'MY_PROVIDER_WEIGHTS'`;
  const [row] = await sql<{ version: number; stage: string | null }[]>`
    select version, stage from feature_flags where flag_key = 'MY_PROVIDER_WEIGHTS'`;
  expect(row?.version).toBeGreaterThan(0);
  expect(row?.stage).toBeNull();
});

test('the table cannot be truncated', async () => {
  await expect(database.sql`truncate feature_flags`).rejects.toThrow('its rows route live traffic');
});

test('the guard holds where triggers are switched off for replication', async () => {
  const refusal = database.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`update feature_flags set flag_value_text = '{}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  });
  await expect(refusal).rejects.toThrow('name no provider');
});
