import { spawn } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '@/lib/postgres/connection';
import { freePort } from '@/lib/postgres/embedded/free-port';
import { migrate } from '@/lib/postgres/migrate/migrate';
import type { Sql } from '@/lib/postgres/sql';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { runSluice } from '@/test/support/run-sluice';
import { startTcpProxy, type TcpProxy } from '@/test/support/tcp-proxy';

let database: TestDatabase;
let dead: number;
beforeAll(async () => {
  database = await testDatabase();
  await database.sql`insert into feature_flags (flag_key, flag_value_text)
    values ('GEN_PROVIDER_WEIGHTS', '{"fal":1,"runware":0}')`;
  dead = await freePort();
});
afterAll(() => database.close());

/** As libpq writes it: no URL to a WHATWG parser. */
function hosts(...ports: number[]): string {
  const named = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return `${database.url.replace(/127\.0\.0\.1:\d+/, named)}?target_session_attrs=read-write`;
}

const livePort = () => Number(new URL(database.url).port);

describe('a DATABASE_URL of several hosts', () => {
  let proxy: TcpProxy;
  const pools: Sql[] = [];
  const open = (url: string, silenceMs: number | null = null) => {
    const sql = connect(url, { name: 'several', max: 2, silenceMs });
    pools.push(sql);
    return sql;
  };
  beforeEach(async () => {
    proxy = await startTcpProxy({ port: livePort() });
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((sql) => sql.end({ timeout: 0 })));
    await proxy.close();
  });

  test('is answered by the one that lives, whichever it is', async () => {
    for (const url of [hosts(dead, livePort()), hosts(livePort(), dead)]) {
      expect(await open(url)`select 1 as one`).toEqual([{ one: 1 }]);
    }
  });

  test('does not wait for one that takes connections and says nothing', async () => {
    proxy.accept = 'hang';
    expect(await open(hosts(proxy.port, livePort()))`select 1 as one`).toEqual([{ one: 1 }]);
  });

  test('moves on when its host dies, and back when only the first is left', async () => {
    const second = await startTcpProxy({ port: livePort() });
    const sql = open(hosts(proxy.port, second.port));
    const answers = () =>
      sql`select 1 as one`.then(
        () => true,
        () => false,
      );
    expect(await answers()).toBe(true);
    await proxy.close();
    await expect.poll(answers).toBe(true);
    expect(second.open()).toBeGreaterThan(0);
    await second.close();
    await expect.poll(answers).toBe(false);
  });

  test('fails in a sentence, and is not asked for ever, when nobody can be written to', async () => {
    await database.sql.unsafe(`alter database ${nameOf(database)} set default_transaction_read_only = on`);
    try {
      const sql = open(hosts(proxy.port, dead));
      await expect(sql`select 1`).rejects.toThrow(
        new RegExp(
          `no host of the database can be written to: 127.0.0.1:${proxy.port} is read-only; 127.0.0.1:${dead} .*ECONNREFUSED`,
        ),
      );
    } finally {
      await database.sql.begin(async (tx) => {
        await tx`set transaction read write`;
        await tx.unsafe(`alter database ${nameOf(database)} reset default_transaction_read_only`);
      });
    }
  });
});

const nameOf = ({ url }: TestDatabase) => new URL(url).pathname.slice(1);

describe('every door takes it', () => {
  test('migrate', async () => {
    expect((await migrate(hosts(dead, livePort()))).applied).toEqual([]);
  });

  test('the command line and the doctor', async () => {
    const databaseUrl = hosts(dead, livePort());
    const weights = await runSluice(['status', '--json'], { databaseUrl });
    expect(weights.stderr).toBe('');
    expect(JSON.parse(weights.stdout)).toMatchObject({ stage: 'baseline' });
    const doctor = await runSluice(['doctor', '--json'], { databaseUrl, env: { PORT: '0', SLUICE_SANDBOX: '1' } });
    const { findings } = JSON.parse(doctor.stdout) as { findings: { check: string; status: string }[] };
    expect(findings.filter(({ check }) => check === 'environment' || check === 'database')).not.toContainEqual(
      expect.objectContaining({ status: 'problem' }),
    );
    expect(doctor.stdout).not.toContain(new URL(database.url).password);
  });

  test('the script that writes weights', async () => {
    const words = ['scripts/ops/update-provider-weights.mjs', '{"fal":0.9,"runware":0.1}', '--reason', 'begin D1'];
    const child = spawn(process.execPath, words, {
      env: { ...process.env, DATABASE_URL: hosts(dead, livePort()) },
      stdio: 'ignore',
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    const [row] = await database.sql`select stage from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    expect(row).toEqual({ stage: 'D1' });
  });
});
