import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maintainEvents } from '@/lib/log/upkeep/maintenance';
import { connect } from '@/lib/postgres/connection';
import { asOwner, ownerRole } from '@/lib/postgres/embedded/owner-role';
import { type Embedded, startEmbedded } from '@/lib/postgres/embedded/start';
import { readMigrations } from '@/lib/postgres/migrate/files';
import { migrate } from '@/lib/postgres/migrate/migrate';
import type { Sql } from '@/lib/postgres/sql';
import { openDatabase } from '@/scripts/start/database';
import { openBeforeReserve } from '@/test/support/open-before-reserve';

const weights = (share: number) => `
  insert into public.feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', '{"fal":${1 - share},"runware":${share}}')
  on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text`;

let folder: string;
let server: Embedded;
let sql: Sql;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-owner-'));
  chmodSync(folder, 0o711);
  // As an earlier build left it: everything made by the superuser.
  server = await startEmbedded({ dir: join(folder, 'postgres'), settings: { fsync: 'off' } });
  await migrate(server.url);
  const superuser = connect(server.url, { name: 'test', max: 1 });
  await superuser.unsafe(weights(0.1));
  await superuser.end();
  const { url } = await openDatabase({
    root: '.',
    dataDir: folder,
    given: undefined,
    voice: { say: () => {}, note: () => {}, output: 'inherit', logFile: null },
  });
  sql = openBeforeReserve(connect(url, { name: 'test', max: 2, silenceMs: null }));
});
afterAll(async () => {
  await sql?.end({ timeout: 1 });
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the database of npm start', () => {
  test('is used by an ordinary role, which is no superuser and cannot become one', async () => {
    const [role] =
      await sql`select rolname, rolsuper, rolcreaterole, rolbypassrls from pg_roles where rolname = current_user`;
    expect(role).toEqual({ rolname: ownerRole, rolsuper: false, rolcreaterole: false, rolbypassrls: false });
    await expect(sql`set session_replication_role = replica`).rejects.toThrow('permission denied');
    await expect(sql`copy (select 1) to program 'true'`).rejects.toThrow('permission denied');
    const [members] = await sql`select array_agg(r.oid::regrole::text order by 1) as of from pg_roles r
      where pg_has_role(current_user, r.oid, 'member') and r.rolname <> current_user`;
    expect(members).toEqual({ of: expect.not.arrayContaining(['pg_execute_server_program', 'pg_write_server_files']) });
  });

  test('belongs to it with everything an earlier build made as superuser', async () => {
    const others = await sql`
      select c.oid::regclass::text as thing from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'sluice', 'supabase_migrations') and c.relowner <> current_user::regrole
      union all select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'sluice' and p.proowner <> current_user::regrole`;
    expect(others.map(({ thing }) => thing)).toEqual([]);
  });

  test('can be written, kept and migrated by it, with its journal whole', async () => {
    await sql.unsafe(weights(0.5));
    const rows =
      await sql`select actor, login from sluice.journal where flag_key = 'GEN_PROVIDER_WEIGHTS' order by seq`;
    expect(rows.at(-1)).toEqual({ actor: `sql:${ownerRole}`, login: ownerRole });
    expect(await sql`select * from sluice.journal_faults()`).toHaveLength(0);
    await maintainEvents(sql);
    expect(await asOwner(server.url)).toBe(await asOwner(server.url));
  });

  test('lets it end a session that sits on the flag', async () => {
    const idle = await sql.reserve();
    await idle.unsafe(
      "begin; update public.feature_flags set description = 'lunch' where flag_key = 'GEN_PROVIDER_WEIGHTS'",
    );
    const [row] = await sql`select sluice.free_flag('GEN_PROVIDER_WEIGHTS', 0) as ended`;
    expect(row).toEqual({ ended: 1 });
    idle.release();
  });
});

test('a fresh folder is migrated by the ordinary role from the first statement on', async () => {
  const fresh = await startEmbedded({ dir: join(folder, 'fresh'), settings: { fsync: 'off' } });
  try {
    expect((await migrate(await asOwner(fresh.url))).applied).toHaveLength(readMigrations().length);
  } finally {
    await fresh.stop();
  }
});
