import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '@/lib/postgres/connection';
import { testDatabase } from '../support/database';
import { type TestRollout, testRollout } from '../support/rollout';
import { runSluice } from '../support/run-sluice';

let rollout: TestRollout;
let limited: string;
const roles = ['nothing_granted', 'no_connection'].map((name) => `${name}_${process.pid}`);
const [nothingGranted = '', noConnection = ''] = roles;
beforeAll(async () => {
  rollout = await testRollout();
  const { sql } = rollout;
  await sql.unsafe(`create role ${nothingGranted} login password 'very-secret'`);
  await sql.unsafe(`create role ${noConnection} login password 'very-secret' connection limit 0`);
  limited = rollout.database.url.replace(/\/\/[^@]*@/, '//USER:very-secret@');
});
afterAll(async () => {
  for (const role of roles) await rollout.sql.unsafe(`drop role ${role}`);
  await rollout.close();
});

const place = () => {
  const { host, pathname } = new URL(rollout.database.url);
  return `database ${pathname.slice(1)} on ${host}`;
};
const at = (databaseUrl: string, ...args: string[]) => runSluice(args, { databaseUrl });

it('a missing privilege, no free connection and a wrong user are sentences', async () => {
  const runs = await Promise.all([
    at(limited.replace('USER', nothingGranted), 'rollback', '--yes'),
    at(limited.replace('USER', noConnection), 'rollback', '--yes'),
    at(limited.replace('USER', 'nouser'), 'rollback', '--yes'),
  ]);
  const [denied, crowded, refused] = runs.map(({ stderr }) => stderr.split('\n')[1]);
  expect(denied).toMatch(
    `sluice rollback: Nothing was written: ${place()} does not let its user do this: permission denied for`,
  );
  expect(crowded).toMatch(`Nothing was written: ${place()} has no connection left: too many clients. End sessions`);
  expect(refused).toMatch(
    /Nothing was written: .* refuses the (?:password of the )?user nouser\. Correct DATABASE_URL\./,
  );
  for (const { code, stdout, stderr } of runs) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).not.toMatch(/very-secret| {4}at /);
  }
}, 180_000);

it('a lock that does not come names the session that holds it', async () => {
  const holder = connect(rollout.database.url, { name: 'at lunch', max: 1, silenceMs: null });
  const [{ pid } = { pid: 0 }] = await holder<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const holding = holder
    .begin(async (tx) => {
      await tx`select from feature_flags where flag_key = 'GEN_PROVIDER_WEIGHTS' for update`;
      await tx`select pg_sleep(120)`;
    })
    .catch(() => undefined);
  const { code, stderr } = await at(rollout.database.url, 'pause', '--yes', '--json');
  await rollout.sql`select pg_cancel_backend(${pid})`;
  await holding;
  await holder.end({ timeout: 1 });
  expect(code).toBe(1);
  const { error } = JSON.parse(stderr);
  expect(error.detail).toMatch(
    new RegExp(
      `^Nothing was written: ${place()} did not give the row away: the session with pid ${pid} holds it \\(sluice at lunch, user \\w+, since 20.*Z\\)\\. Let that session`,
    ),
  );
  expect(error.database.name).toBe(place().split(' ')[1]);
}, 180_000);

it('a database without our schema, and our own that is not running', async () => {
  const empty = await testDatabase({ migrated: false });
  const folder = mkdtempSync(join(tmpdir(), 'sluice-away-'));
  writeFileSync(join(folder, 'database-url'), 'postgres://postgres:very-secret@127.0.0.1:1/postgres\n');
  const [bare, away] = await Promise.all([
    at(empty.url, 'status'),
    runSluice(['rollback', '--yes'], { env: { SLUICE_DATA_DIR: folder } }),
  ]);
  await empty.close();
  rmSync(folder, { recursive: true, force: true });
  expect(bare.stderr).toMatch(
    /^sluice status: Database t_\w+ on 127\.0\.0\.1:\d+ has no Sluice schema\. Check DATABASE_URL, then npm run migrate\.\n$/,
  );
  expect(away.stderr).toContain(
    "Nothing was written: Sluice's own database (.data) is not running. Start it with npm start, or set DATABASE_URL.",
  );
}, 180_000);
