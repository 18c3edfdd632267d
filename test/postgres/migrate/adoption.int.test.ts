import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase({ migrated: false });
});
afterEach(() => database.close());

const run = (statement: string) => database.sql.unsafe(statement);

/** As it is in production: the plan's shape, other people's flags, policies and columns. */
async function inProduction(weights: string, rowSecurity: boolean): Promise<void> {
  await run(`
    create table feature_flags (
      flag_key text primary key, flag_value boolean, flag_value_text text, description text,
      created_at timestamptz not null default now(), updated_at timestamptz not null default now(), team text);
    insert into feature_flags (flag_key, flag_value, flag_value_text, team, created_at, updated_at)
    select 'flag_' || i, i % 2 = 0, 'value ' || i, 'shop', '2020-01-01', '2021-01-01' from generate_series(1, 1000) i;
    insert into feature_flags values ('GEN_PROVIDER_WEIGHTS', false, '${weights}', 'ours', '2020-01-01', '2021-01-01');
    create policy theirs on feature_flags for select using (team = 'shop');
    ${rowSecurity ? 'alter table feature_flags enable row level security;' : ''}
    create function touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
    create trigger touched before update on feature_flags for each row execute function touch();`);
}

const shape = async () => {
  const [row] = await database.sql`
    select c.relfilenode, c.relrowsecurity, c.relforcerowsecurity,
      (select jsonb_agg(p.policyname) from pg_policies p where p.tablename = 'feature_flags') as policies,
      (select md5(string_agg(concat_ws('|', f.flag_key, f.flag_value, f.flag_value_text, f.description, f.created_at,
        f.updated_at, to_jsonb(f) ->> 'team', f.ctid), ';' order by f.flag_key))
        from feature_flags f where f.flag_key like 'flag%') as foreign_rows
    from pg_class c where c.oid = 'feature_flags'::regclass`;
  return row;
};

describe('a feature_flags that is there already', () => {
  test.each([false, true])('is adopted without a rewrite; row security stays %s', async (rowSecurity) => {
    await inProduction('{"fal":0.9,"runware":0.1}', rowSecurity);
    const before = await shape();
    await migrate(database.url);
    expect(await shape()).toEqual(before);
    const [ours] = await database.sql`select * from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    expect(ours).toMatchObject({
      stage: 'D1',
      stage_by: 'migration',
      team: null,
      flag_value_text: '{"fal":0.9,"runware":0.1}',
    });
    expect(ours?.version).toBeGreaterThan(0);
    expect(await database.sql`select actor, verb, was, becomes from sluice.journal`).toMatchObject([
      { actor: 'migration', verb: 'adopt', was: '{"fal":0.9,"runware":0.1}', becomes: '{"fal":0.9,"runware":0.1}' },
    ]);
    await run(`update feature_flags set flag_value_text = 'more' where flag_key = 'flag_7'`);
    await expect(run(`update feature_flags set flag_value_text = 'more' where team is null`)).rejects.toThrow(
      'GEN_PROVIDER_WEIGHTS was not changed',
    );
  });

  test('keeps weights that are not valid as they are; the next write must be', async () => {
    await inProduction('{"fal":2}', false);
    await migrate(database.url);
    const [ours] = await database.sql`select flag_value_text, version from feature_flags where team is null`;
    expect(ours).toEqual({ flag_value_text: '{"fal":2}', version: 0 });
    await run(`update feature_flags set flag_value_text = '{"fal":1,"runware":0}' where team is null`);
    const [now] = await database.sql`select stage from feature_flags where team is null`;
    expect(now?.stage).toBe('baseline');
  });

  test('gets the columns it lacks', async () => {
    await run('create table feature_flags (flag_key varchar(80) unique, flag_value_text text)');
    await run(`insert into feature_flags values ('flag', 'x')`);
    await migrate(database.url);
    await run(`insert into feature_flags (flag_key, flag_value_text)
      values ('GEN_PROVIDER_WEIGHTS', '{"fal":0.5,"runware":0.5}')`);
    const [row] = await database.sql`select stage, updated_at from feature_flags where flag_key like 'GEN%'`;
    expect(row).toMatchObject({ stage: 'D2', updated_at: expect.any(Date) });
  });

  test.each([
    ['create table feature_flags (flag_key text, flag_value_text text)', 'flag_key is not unique'],
    ['create table feature_flags (flag_key text primary key, flag_value_text jsonb)', 'flag_value_text is jsonb'],
    ['create table feature_flags (key text primary key, value jsonb)', 'rename column key to flag_key'],
    ['create view feature_flags as select 1 as flag_key', 'is not a table'],
    [
      'create table analytics_logs (event_type text, event_data json, created_at timestamptz)',
      'using event_data::jsonb',
    ],
    [
      'create table analytics_logs (event_type text, event_data jsonb, created_at timestamp)',
      "type timestamp with time zone using created_at at time zone 'UTC'",
    ],
    ['create table analytics_logs (id bigint, event_type int)', 'event_type is integer and must be text'],
  ])('%s is refused with the statement that mends it, and nothing is done', async (statement, sentence) => {
    await run(statement);
    await expect(migrate(database.url)).rejects.toThrow(sentence);
    const [left] = await database.sql`select to_regnamespace('sluice')::text as schema`;
    expect(left).toEqual({ schema: null });
  });

  test('says everything that stands in the way at once, and adopts it when it is mended as it says', async () => {
    await run(`create table feature_flags (key text primary key, flag_value_text json);
      create table analytics_logs (event_type text, event_data json, created_at timestamp)`);
    const said = await migrate(database.url).then(
      () => '',
      (error: Error) => error.message,
    );
    const statements = [...said.matchAll(/: (alter table [^(\n]*)/g)].map(([, statement]) => statement ?? '');
    expect(statements).toHaveLength(4);
    for (const statement of statements) await run(statement);
    expect((await migrate(database.url)).already).toBe(0);
  });
});

describe('forced row security under which our role cannot write', () => {
  test('is refused, and adopted when a policy lets it', async () => {
    const role = `r_${randomBytes(6).toString('hex')}`;
    const name = database.url.split('/').at(-1);
    await run(`create role ${role} login password 'any'; grant create on schema public to ${role};
      grant create on database ${name} to ${role};
      create table feature_flags (flag_key text primary key, flag_value_text text);
      alter table feature_flags enable row level security; alter table feature_flags force row level security;
      alter table feature_flags owner to ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'any';
    try {
      await expect(migrate(url.href)).rejects.toThrow(`no policy lets ${role} write it`);
      await run(`create policy sluice on public.feature_flags to ${role} using (true) with check (true)`);
      expect((await migrate(url.href)).already).toBe(0);
    } finally {
      await run(`drop owned by ${role} cascade; drop role ${role}`);
    }
  });
});
