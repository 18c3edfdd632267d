import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect } from 'vitest';
import { connect } from '@/lib/postgres/connection';
import { diagnose } from '@/lib/process/doctor/diagnose';
import { type TestDatabase, testDatabase } from '../support/database';
import { writeWeights } from '../support/rollout';
import { runSluice } from '../support/run-sluice';
import { fault } from './fault';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
  await writeWeights(database.sql, { fal: 1, runware: 0 });
  await writeWeights(database.sql, { fal: 0.9, runware: 0.1 });
});
afterEach(() => database.close());

const run = (text: string) => database.sql.unsafe(text);

async function problems(url = database.url): Promise<string> {
  const { findings } = await diagnose({ PORT: '1' }, { root: process.cwd(), databaseUrl: url });
  return findings
    .filter(({ status }) => status === 'problem')
    .map(({ what }) => what)
    .join('\n');
}

const row = {
  what: 'Guard triggers off, look-alike table, FORCE RLS, read-only default, no web alive',
  expected: 'doctor names each; a person can still roll back where Postgres allows it',
};

fault('F35', { ...row, injected: 'disable trigger; enable trigger (not always); drop trigger' }, async (saw) => {
  await run('alter table feature_flags disable trigger zz_sluice_guard');
  await run('alter table feature_flags enable trigger zz_sluice_journal');
  await run('drop trigger append_only on sluice.journal');
  const found = await problems();
  expect(found).toContain('zz_sluice_guard of public.feature_flags is disabled');
  expect(found).toContain('zz_sluice_journal of public.feature_flags is not ENABLE ALWAYS');
  expect(found).toContain('append_only of sluice.journal is not there');
  saw('three of three named');
});

fault('F35', { ...row, injected: 'a table of the same columns in the place of feature_flags' }, async (saw) => {
  await run(`alter table feature_flags rename to feature_flags_real;
    create table feature_flags (flag_key text primary key, flag_value boolean, flag_value_text text, description text,
      created_at timestamptz default now(), updated_at timestamptz default now());
    insert into feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', '{"fal":0,"runware":1}')`);
  const found = await problems();
  expect(found).toContain('zz_sluice_guard of public.feature_flags is not there');
  saw(
    found
      .split('\n')
      .find((line) => line.includes('zz_sluice_guard'))
      ?.slice(0, 80) ?? '',
  );
});

fault('F35', { ...row, injected: 'force row level security under an owner without BYPASSRLS' }, async (saw) => {
  const role = `f_${randomBytes(6).toString('hex')}`;
  await run(`create role ${role} login password 'any';
    grant usage on schema sluice to ${role}; grant select on all tables in schema sluice to ${role};
    grant execute on all functions in schema sluice to ${role}; grant usage, update on all sequences in schema sluice to ${role};
    alter table feature_flags owner to ${role}; alter table feature_flags force row level security`);
  const url = new URL(database.url);
  url.username = role;
  url.password = 'any';
  try {
    expect(await problems(url.href)).toContain(`row security of feature_flags lets ${role} write nothing`);
    saw('named, with the statement that mends it');
  } finally {
    await run(`drop owned by ${role} cascade; drop role ${role}`);
  }
});

fault('F35', { ...row, injected: 'alter database … set default_transaction_read_only = on' }, async (saw) => {
  const name = database.url.split('/').at(-1);
  await run(`alter database ${name} set default_transaction_read_only = on`);
  expect(await problems()).toContain('read only by default (default_transaction_read_only)');
  const obeying = connect(database.url, { name: 'test', max: 1, obeysReadOnly: true });
  try {
    await expect(obeying`insert into analytics_logs (event_type) values ('x')`).rejects.toThrow(
      'read-only transaction',
    );
    await obeying.unsafe(`begin read write;
      update feature_flags set flag_value_text = '{"fal":0.95,"runware":0.05}' where flag_key = 'GEN_PROVIDER_WEIGHTS'; commit`);
  } finally {
    await obeying.end({ timeout: 1 });
  }
  const done = await runSluice(['rollback', '--reason', 'read only', '--yes'], { databaseUrl: database.url });
  expect(done.code, done.stderr).toBe(0);
  const [flag] = await database.sql`select stage from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  expect(flag).toEqual({ stage: 'rolled_back' });
  saw('named; rolled back by sluice rollback, weights written by raw SQL after begin read write');
});

fault('F35', { ...row, injected: 'the heartbeat of the only web process stops for 41 s' }, async (saw) => {
  await run(`insert into sluice.instances (id, kind, host, pid, build, started_at, seen_at)
    values ('web-1', 'web', 'h1', 1, 'b', now(), now() - interval '41 seconds')`);
  expect(await problems()).toContain('no web process is alive: web-1 on h1 was heard last');
  await run(`update sluice.instances set seen_at = now() - interval '20 seconds'`);
  expect(await problems()).not.toContain('no web process is alive');
  saw('named at 41 s, not at 20 s');
});
