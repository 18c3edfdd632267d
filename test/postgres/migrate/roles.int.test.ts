import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Embedded, startEmbedded } from '@/lib/postgres/embedded/start';
import { migrate } from '@/lib/postgres/migrate/migrate';

// A cluster of one's own: on the one that all tests share the roles are there already.
let folder: string;
let server: Embedded;
let admin: postgres.Sql;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-roles-'));
  chmodSync(folder, 0o711);
  server = await startEmbedded({ dir: join(folder, 'postgres'), settings: { fsync: 'off' } });
  admin = postgres(server.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await admin?.end({ timeout: 1 });
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const roles = async () =>
  (await admin`select rolname from pg_roles where rolname ~ '^sluice_' order by 1`).map(({ rolname }) => rolname);
const ours = ['sluice_cli', 'sluice_watchdog', 'sluice_web'];
const urlOf = (user: string, database: string) => {
  const url = new URL(server.url);
  Object.assign(url, { username: user, password: 'secret', pathname: `/${database}` });
  return url.href;
};

test('an owner who may make no roles migrates all the same; who makes them later grants by one call', async () => {
  await admin.unsafe("create role plain login password 'secret'");
  await admin.unsafe('create database plain owner plain');
  await migrate(urlOf('plain', 'plain'));
  expect(await roles()).toEqual([]);
  for (const role of ours) await admin.unsafe(`create role ${role} nologin`);
  await admin.unsafe("create role app login password 'secret' in role sluice_web");
  const app = postgres(urlOf('app', 'plain'), { max: 1 });
  const owner = postgres(urlOf('plain', 'plain'), { max: 1 });
  await expect(app`select sluice.policy()`).rejects.toMatchObject({ code: '42501' });
  for (let time = 0; time < 2; time += 1) await owner`select sluice.grant_roles()`;
  expect(await app`select sluice.policy()`).toHaveLength(1);
  await Promise.all([app.end(), owner.end()]);
  await admin.unsafe('drop database plain');
  for (const role of [...ours, 'app']) await admin.unsafe(`drop role ${role}`);
});

test('several databases of one cluster that migrate at once all grant to the same roles', {
  timeout: 240_000,
}, async () => {
  const names = ['one', 'two', 'three', 'four'];
  for (const name of names) await admin.unsafe(`create database ${name}`);
  const urls = names.map((name) => server.url.replace(/\/postgres$/, `/${name}`));
  await Promise.all(urls.map((url) => migrate(url)));
  expect(await roles()).toEqual(ours);
  for (const url of urls) {
    const sql = postgres(url, { max: 1 });
    const rows =
      await sql`select from pg_roles r where r.rolname ~ '^sluice_' and has_function_privilege(r.oid, 'sluice.policy()', 'execute')`;
    expect(rows).toHaveLength(3);
    await sql.end();
  }
});
