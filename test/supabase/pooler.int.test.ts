import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '@/lib/access/tokens';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { writeBatch } from '@/lib/log/event-writer';
import { connect } from '@/lib/postgres/connection';
import { migrate } from '@/lib/postgres/migrate/migrate';
import type { Sql } from '@/lib/postgres/sql';
import { readUrl } from '@/lib/postgres/url';
import { openAccessAt } from '@/lib/process/build-access';
import { openControl } from '@/lib/process/open-control';
import { runTick } from '@/lib/watch/run-tick';
import { type TestDatabase, testDatabase } from '../support/database';
import { type Pooler, pgbouncerProgram, startPgbouncer } from '../support/pgbouncer';
import { runSluice } from '../support/run-sluice';

const program = pgbouncerProgram();

describe('through a real PgBouncer in transaction mode', () => {
  if (program === null) {
    it('nothing was tested: PgBouncer is not installed on this machine', () => {
      console.log('PgBouncer is not installed: the pooled path was not tested on this machine');
      expect(readUrl('postgres://u:p@pooler.example:6543/postgres').pooled).toBe(true);
    });
    return;
  }
  let database: TestDatabase;
  let pooler: Pooler;
  let sql: Sql;
  beforeAll(async () => {
    database = await testDatabase();
    pooler = await startPgbouncer(program, database.url);
    sql = connect(pooler.url, { name: 'pooled test', max: 8 });
    await sql`insert into public.feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', '{"fal":1,"runware":0}') on conflict do nothing`;
  });
  afterAll(async () => {
    await sql.end({ timeout: 2 });
    await pooler.stop();
    await database.close();
  });

  it('queries of many clients at once are answered, none by a statement prepared elsewhere', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => sql<{ n: number }[]>`select ${n}::int as n, ${String(n)}::text as text`),
    );
    expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  it('migrations find nothing left to do', async () => {
    expect((await migrate(pooler.url)).applied).toEqual([]);
  });

  it('one behind a URL that does not say so serves each command, from its first connection on', async () => {
    const unsaid = pooler.url.replace('?pgbouncer=true', '');
    const status = await runSluice(['status'], { databaseUrl: unsaid });
    expect(status.code, status.stderr).toBe(0);
    await sql`update public.feature_flags set flag_value_text = '{"fal":0.9,"runware":0.1}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    const done = await runSluice(['rollback', '--reason', 'unsaid', '--yes'], { databaseUrl: unsaid });
    expect(done.code, done.stderr).toBe(0);
    const [row] = await sql`select stage from public.feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    expect(row?.stage).toBe('rolled_back');
    const clients = Array.from({ length: 4 }, (_, n) => connect(unsaid, { name: `unsaid ${n}`, max: 4 }));
    const ask = (client: Sql) => Promise.all(Array.from({ length: 50 }, (_, n) => client`select ${n}::int as n`));
    for (const answers of await Promise.all(clients.map(ask))) {
      expect(answers.map(([answer]) => answer?.n)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    }
    await Promise.all(clients.map((client) => client.end({ timeout: 2 })));
  });

  it('events are stored once, however often the batch is sent', async () => {
    const id = randomUUID();
    const data = { request_id: 'r', attempt: 1, provider: 'fal', assigned: 'fal', latency_ms: 120 };
    const batch = Array.from({ length: 50 }, () => ({ event_type: 'gen_route', event_data: data, age_ms: 0 }));
    await Promise.all([writeBatch(sql, id, batch), writeBatch(sql, id, batch)]);
    const [row] = await sql<{ count: number }[]>`select count(*) from public.analytics_logs`;
    expect(row?.count).toBe(50);
  });

  it('ticks of several watchdogs decide once a slot, and leave no lock behind', async () => {
    const opened = await Promise.all([0, 1, 2].map(() => openControl(pooler.url, { name: 'pooled' })));
    const outcomes = await Promise.all(
      opened.map(({ controls }, n) => runTick(controls, { by: `w${n}`, intervalSeconds: 600, deadlineMs: 8000 })),
    );
    expect(outcomes.filter(({ result }) => result === 'decided')).toHaveLength(1);
    expect((await readSnapshot(opened[0]!.control)).weights).toEqual({ fal: 1, runware: 0 });
    await Promise.all(opened.map((each) => each.close()));
    const locks = await database.sql`
      select l.objid from pg_locks l where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())`;
    expect(locks).toHaveLength(0);
  });

  it('writes to the flag are journaled with who did it, and name nobody else afterwards', async () => {
    const { control, close } = await openControl(pooler.url, { name: 'pooled' });
    const { row } = await control.flags.readSplit();
    const write = {
      verb: 'weights' as const,
      actor: 'operator:ann',
      reason: 'pooled',
      expectedVersion: row?.version ?? 0,
    };
    expect((await control.flags.writeWeights({ fal: 0.9, runware: 0.1 }, write)).kind).toBe('written');
    await sql`update public.feature_flags set flag_value_text = '{"fal":1,"runware":0}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    const [newest, before] = await control.journal.list({ limit: 2 });
    expect(before).toMatchObject({ actor: 'operator:ann', reason: 'pooled' });
    expect(newest?.actor).toMatch(/^sql:/);
    expect(newest?.reason).toBeNull();
    await close();
  });

  it('sign-in and alerts work', async () => {
    const access = openAccessAt(pooler.url, {
      supabaseUrl: null,
      supabaseKey: null,
      publicUrl: null,
      allowPrivateWebhooks: false,
    });
    await access.identities.operators.add({
      name: 'ann',
      role: 'viewer',
      tokenHash: tokens.digest('t'),
      validSeconds: null,
      createdBy: 'a',
    });
    expect((await access.identities.operators.byToken(tokens.digest('t')))?.role).toBe('viewer');
    expect(await access.deliver()).toEqual({ delivered: 0, retried: 0, dead: 0 });
    await access.close();
  });
});
