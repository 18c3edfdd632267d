import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { type TestDatabase, testDatabase } from '../support/database';

/** What a Supabase project says before anybody migrates it: all that is made in `public` is everybody's. */
const asSupabase = `
  alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
  alter default privileges in schema public grant all on functions to anon, authenticated, service_role`;

let fresh: TestDatabase;
let adopted: TestDatabase;
beforeAll(async () => {
  [fresh, adopted] = await Promise.all([testDatabase({ migrated: false }), testDatabase({ migrated: false })]);
  await fresh.sql.unsafe(asSupabase);
  await migrate(fresh.url);
  await adopted.sql.unsafe(`${asSupabase};
    create table public.feature_flags (flag_key text primary key, flag_value boolean, flag_value_text text,
      description text, created_at timestamptz default now(), updated_at timestamptz default now());
    create table public.analytics_logs (id bigserial primary key, event_type text, event_data jsonb, created_at timestamptz default now());
    alter table public.feature_flags enable row level security;
    create policy shop_reads on public.feature_flags for select to anon using (flag_key like 'SHOP_%');
    insert into public.feature_flags (flag_key) values ('SHOP_BANNER')`);
  await migrate(adopted.url);
});
afterAll(async () => {
  await fresh.close();
  await adopted.close();
});

const rights = ({ sql }: TestDatabase, role: string) => sql<{ relation: string; may: string }[]>`
  select c.oid::regclass::text as relation, p.privilege as may
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  cross join unnest('{select,insert,update,delete,truncate}'::text[]) p (privilege)
  where n.nspname in ('public', 'sluice') and c.relkind in ('r', 'p', 'v') and has_table_privilege(${role}, c.oid, p.privilege)
  order by 1, 2`;

describe('a project of Supabase, whose defaults give everything away', () => {
  it('leaves anon nothing', async () => {
    expect([...(await rights(fresh, 'anon'))]).toEqual([]);
  });

  it('leaves signed-in users only what they may select', async () => {
    const all = await rights(fresh, 'authenticated');
    expect(all.filter(({ may }) => may !== 'select')).toEqual([]);
    expect(all.map(({ relation }) => relation)).toContain('feature_flags');
  });

  it('leaves neither any sequence', async () => {
    const rows = await fresh.sql`
      select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join unnest('{anon,authenticated}'::text[]) r
      where n.nspname in ('public', 'sluice') and c.relkind = 'S' and has_sequence_privilege(r, c.oid, 'usage,select,update')`;
    expect(rows.map(({ relname }) => relname)).toEqual([]);
  });
});

describe('tables that were there before', () => {
  it('keep their grants, their policies and the state of their row security', async () => {
    const [flags] =
      await adopted.sql`select relrowsecurity as on from pg_class where oid = 'public.feature_flags'::regclass`;
    const [logs] =
      await adopted.sql`select relrowsecurity as on from pg_class where oid = 'public.analytics_logs'::regclass`;
    expect([flags?.on, logs?.on]).toEqual([true, false]);
    const policies = await adopted.sql`select policyname from pg_policies where schemaname = 'public'`;
    expect(policies.map(({ policyname }) => policyname)).toEqual(['shop_reads']);
    const anon = await rights(adopted, 'anon');
    expect(new Set(anon.map(({ relation }) => relation))).toEqual(new Set(['analytics_logs', 'feature_flags']));
  });

  it('give anon of ours nothing all the same', async () => {
    expect((await rights(adopted, 'anon')).filter(({ relation }) => relation.startsWith('sluice.'))).toEqual([]);
  });
});
