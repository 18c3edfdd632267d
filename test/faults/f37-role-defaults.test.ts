import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { type Pooler, pgbouncerProgram, startPgbouncer } from '../support/pgbouncer';
import { backdate, logTraffic, writeWeights } from '../support/rollout';
import { runSluice } from '../support/run-sluice';
import { fault } from './fault';

const hostile: Readonly<Record<string, string>> = {
  ...{ datestyle: 'German, DMY', intervalstyle: 'sql_standard', timezone: 'Australia/Lord_Howe' },
  ...{ standard_conforming_strings: 'off', extra_float_digits: '-10', bytea_output: 'escape', search_path: 'nowhere' },
  ...{
    default_transaction_isolation: 'serializable',
    default_transaction_read_only: 'on',
    transform_null_equals: 'on',
  },
};
const impatient = { statement_timeout: '1ms', lock_timeout: '1ms', idle_in_transaction_session_timeout: '1ms' };

let world: FaultWorld;
let database: TestDatabase;
const role = `h_${randomBytes(6).toString('hex')}`;

beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
  await writeWeights(database.sql, { fal: 0.9, runware: 0.1 });
  await database.sql.unsafe(`create role ${role} login superuser password 'any'`);
});
afterAll(async () => {
  await world.close();
  await database.sql.unsafe(`drop role ${role}`);
  await database.close();
});

async function misset(settings: Readonly<Record<string, string>>): Promise<string> {
  await database.sql.unsafe(`alter role ${role} reset all`);
  for (const [name, value] of Object.entries(settings)) {
    await database.sql.unsafe(`alter role ${role} set ${name} = '${value}'`);
  }
  const url = new URL(database.url);
  url.username = role;
  url.password = 'any';
  return url.href;
}

/** A night at 40 % failures: events come in, the watchdog judges and takes the candidate back, a person writes. */
async function night(url: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { sql } = database;
  await sql`delete from sluice.ticks`;
  await writeWeights(sql, { fal: 0.9, runware: 0.1 });
  const web = await world.web(url, { env });
  const made = await web.call('POST', '/api/generate', { body: { model: 'flux-schnell', prompt: 'a cat' } });
  expect(made.status).toBe(200);
  await backdate(sql, 1200);
  await logTraffic(sql, { fromSecondsAgo: 900, perMinute: 60, failEvery: 2 });
  const watchdog = await world.watchdog(url, { env: { SLUICE_TICK_SECONDS: '2', ...env } });
  const ms = await eventually(stage, (name) => name === 'rolled_back', 20_000).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${watchdog.output().slice(-1500)}`);
  });
  await Promise.all([watchdog.stop(), web.stop()]);
  const [last] = await sql`select actor, verb from sluice.journal order by id desc limit 1`;
  expect(last).toMatchObject({ actor: 'watchdog', verb: 'rollback' });
  return `rolled back ${ms} ms after the watchdog's start`;
}

const stage = async () => {
  const [row] = await database.sql`select stage from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
  return row?.stage as string;
};

const row = {
  what: 'Role defaults: datestyle, standard_conforming_strings, statement_timeout 1 ms, search_path, read only',
  expected: 'no effect: rolled back as on any other night; by CLI and raw SQL as well',
};

fault(
  'F37',
  { ...row, injected: `alter role … set ${Object.keys({ ...hostile, ...impatient }).join(', ')}` },
  async (saw) => {
    const url = await misset({ ...hostile, ...impatient });
    saw(await night(url));
    const done = await runSluice(['rearm', '--reason', 'again', '--yes'], { databaseUrl: url });
    expect(done.code, done.stderr).toBe(0);
    expect(await stage()).toBe('baseline');
  },
);

fault('F37', { ...row, injected: 'the same, and an operator who has psql and nothing else' }, async (saw) => {
  await writeWeights(database.sql, { fal: 0.9, runware: 0.1 });
  const raw = postgres(await misset({ ...hostile, ...impatient }), { max: 1, fetch_types: false });
  try {
    await raw.unsafe(`begin read write; set local statement_timeout = 0;
      update public.feature_flags set flag_value_text = '{"fal":1.0,"runware":0.0}', updated_at = now() where flag_key = 'GEN_PROVIDER_WEIGHTS';
      commit`);
  } finally {
    await raw.end({ timeout: 1 });
  }
  expect(await stage()).toBe('rolled_back');
  const [last] = await database.sql`select actor, verb, stage_to from sluice.journal order by id desc limit 1`;
  expect(last).toEqual({ actor: `sql:${role}`, verb: 'sql', stage_to: 'rolled_back' });
  saw('rolled back by raw SQL, and journaled');
});

fault('F37', { ...row, injected: 'the same but the timeouts, through PgBouncer in transaction mode' }, async (saw) => {
  const program = pgbouncerProgram();
  if (program === null) return saw('skipped: PgBouncer is not installed');
  const pooler: Pooler = await startPgbouncer(program, await misset(hostile));
  try {
    saw(await night(pooler.url));
    const done = await runSluice(['rearm', '--reason', 'again', '--yes'], {
      databaseUrl: pooler.url,
    });
    expect(done.code, done.stderr).toBe(0);
  } finally {
    await world.close();
    await pooler.stop();
  }
});
