import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '@/test/support/database';

const script = 'scripts/ops/update-provider-weights.mjs';
const seeded = '{"fal":1.0,"runware":0.0}';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.sql`insert into feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', ${seeded})
    on conflict (flag_key) do update set flag_value_text = ${seeded}`;
});

async function run(words: readonly string[], url: string | null = database.url) {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [script, ...words], {
    env: { ...env, ...(url ? { DATABASE_URL: url } : {}), SLUICE_DATA_DIR: `${tmpdir()}/none-here` },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, out, err };
}

async function stored() {
  const [row] = await database.sql`select flag_value_text as text, version, stage from feature_flags
    where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  return row;
}

it('writes, shows before → after, and journals who and why', async () => {
  const { code, out, err } = await run(['{"fal":0.9,"runware":0.1}', '--reason', 'begin D1']);
  const { host, pathname, password } = new URL(database.url);
  expect([code, err]).toEqual([0, `this writes to database ${pathname.slice(1)} on ${host} (DATABASE_URL)\n`]);
  expect(out + err).not.toContain(password);
  expect(out).toMatch(/fal +100 % → +90 %\n +runware +0 % → +10 %\n +stage \w+ → D1, by script:.+: begin D1/);
  expect((await stored())?.stage).toBe('D1');
  const [entry] = await database.sql`select actor, verb, reason from sluice.journal order by id desc limit 1`;
  expect(entry).toMatchObject({ actor: expect.stringMatching(/^script:./), verb: 'weights', reason: 'begin D1' });
});

it('creates the row when there is none', async () => {
  await database.sql`delete from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  expect((await run(['{"fal":0.5,"runware":0.5}'])).code).toBe(0);
  expect((await stored())?.stage).toBe('D2');
});

it('judges and writes nothing in a dry run', async () => {
  const before = await stored();
  const { code, out } = await run(['{"fal":0.9,"runware":0.1}', '--dry-run', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    dry_run: true,
    before: { weights: { fal: 1, runware: 0 } },
    after: { weights: { fal: 0.9, runware: 0.1 } },
  });
  expect(await stored()).toEqual(before);
});

it.each([
  ['{"fal":0.9,"runwear":0.1}', "'runwear' is not an arm of this split; its arms are: fal, runware"],
  ['{"fal":0.9,"runware":0.2}', 'the weights add up to 1.1; they must add up to 1'],
  ['{"fal":"0.9","runware":0.1}', 'the weight of fal is "0.9", a string; it must be a number from 0 to 1'],
  ['{"fal":1}', 'the weights leave out runware; the baseline and the candidate must both be named'],
  ['{"fal":0.5,"fal":0.5,"runware":0.5}', "provider 'fal' is written twice"],
  ['{bad', 'is not JSON'],
])('refuses %s with the sentence of the database and changes nothing', async (text, sentence) => {
  const before = await stored();
  const { code, out, err } = await run([text]);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(sentence);
  expect(await stored()).toEqual(before);
});

it.each([[[]], [['{}', '{}']], [['{}', '--nonsense']]])('explains its usage for %j', async (words) => {
  const { code, err } = await run(words);
  expect(code).toBe(2);
  expect(err).toContain('Usage: node scripts/ops/update-provider-weights.mjs');
});

it('says what is wrong without a database, and that nothing was changed', async () => {
  const nowhere = 'postgres://postgres@127.0.0.1:1/postgres';
  expect((await run(['{"fal":2,"runware":0}'], nowhere)).err).toContain(
    'the weight of fal is 2; it must be from 0 to 1',
  );
  const good = await run(['{"fal":0.9,"runware":0.1}'], nowhere);
  expect([good.code, good.err]).toEqual([
    1,
    expect.stringContaining(
      'was not changed: Database postgres on 127.0.0.1:1 does not answer: the connection is refused.',
    ),
  ]);
  expect((await run(['{"fal":0.9,"runware":0.1}'], null)).err).toContain('DATABASE_URL is not set');
});

it('says when the database is not migrated', async () => {
  const empty = await testDatabase({ migrated: false });
  const { code, err } = await run(['{"fal":0.9,"runware":0.1}'], empty.url);
  expect([code, err]).toEqual([
    1,
    expect.stringContaining('has no Sluice schema. Check DATABASE_URL, then npm run migrate.'),
  ]);
  await empty.close();
});
