import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { connect } from '@/lib/postgres/connection';
import { asOwner } from '@/lib/postgres/embedded/owner-role';
import { startEmbedded } from '@/lib/postgres/embedded/start';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { catalogue } from './catalogue/read-catalogue';

/**
 * `node --import tsx test/lab/catalogue.ts <folder of migrations> <folder for the dumps> [bin folder of another Postgres]`:
 * what these migrations leave in databases of every kind they tell apart, to be compared by diff.
 */
const [migrations = 'supabase/migrations', out = 'catalogues', bin] = process.argv.slice(2);

const asSupabase = `
  alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
  alter default privileges in schema public grant all on functions to anon, authenticated, service_role;`;

const tablesOfATeam = (more: string) => `
  create table public.feature_flags (flag_key text primary key, flag_value boolean, flag_value_text text,
    description text, created_at timestamptz default now(), updated_at timestamptz default now(), team text);
  create table public.analytics_logs (id bigserial primary key, event_type text, event_data jsonb, created_at timestamptz default now());
  alter table public.feature_flags enable row level security;
  create policy shop_reads on public.feature_flags for select to anon using (flag_key like 'SHOP_%');
  insert into public.feature_flags (flag_key) values ('SHOP_BANNER');
  ${more}`;

const rows = `
  insert into public.feature_flags (flag_key, flag_value_text) values
    ('GEN_PROVIDER_WEIGHTS', '{"fal":0.9,"runware":0.1}'), ('GEN_ROLLOUT_POLICY', '{"minRequests":200}');
  insert into public.analytics_logs (event_type, event_data) values ('gen_route', '{"provider":"fal","latency_ms":100}'), ('page', null);`;

/** In this order: the first is made while the cluster has none of the roles of Supabase. */
const databases: Readonly<Record<string, { before: string; asOwner?: boolean }>> = {
  'owner-without-roles': { before: '', asOwner: true },
  fresh: { before: '' },
  'owner-with-roles': { before: '', asOwner: true },
  supabase: { before: asSupabase },
  'all-given-away': { before: asSupabase.replaceAll(' in schema public', '') },
  'adopted-empty': { before: tablesOfATeam('') },
  'adopted-with-rows': { before: asSupabase + tablesOfATeam(rows) },
  'adopted-with-bad-weights': {
    before: tablesOfATeam(
      `insert into public.feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', '{"fal":2}');`,
    ),
  },
  'adopted-bare': {
    before: `create table public.feature_flags (flag_key varchar(80) unique, flag_value_text text);
      create table public.analytics_logs (event_type varchar(40), event_data jsonb);`,
  },
};

const folder = mkdtempSync(join(tmpdir(), 'sluice-catalogue-'));
chmodSync(folder, 0o711);
const programs = bin === undefined ? {} : { programs: { initdb: join(bin, 'initdb'), pgCtl: join(bin, 'pg_ctl') } };
const server = await startEmbedded({ dir: join(folder, 'postgres'), settings: { fsync: 'off' }, ...programs });
try {
  mkdirSync(out, { recursive: true });
  for (const [name, { before, asOwner: isOwned = false }] of Object.entries(databases)) {
    const admin = connect(server.url, { name: 'catalogue', max: 1, silenceMs: null });
    await admin.unsafe(`create database "${name}" template template0`);
    await admin.end();
    const superuser = server.url.replace(/\/postgres$/, `/${name}`);
    const url = isOwned ? await asOwner(superuser) : superuser;
    const sql = connect(url, { name: 'catalogue', max: 1, silenceMs: null });
    await sql.unsafe(before);
    const started = performance.now();
    const { applied } = await migrate(url, { folder: migrations });
    console.log(`${name}: ${applied.length} files in ${Math.round(performance.now() - started)} ms`);
    writeFileSync(join(out, `${name}.txt`), await catalogue(sql));
    await sql.end({ timeout: 2 });
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
