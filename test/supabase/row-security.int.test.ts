import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { WebSocket } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { signJwt } from '../support/jwt';
import { startSupabase, type TestSupabase } from '../support/supabase';

let database: TestDatabase;
let supabase: TestSupabase;
/** With the first column that may be written: of one that is always made, Postgres says so before it asks who writes. */
let tables: readonly { schema: string; name: string; column: string }[];

beforeAll(async () => {
  database = await testDatabase();
  await database.sql`
    insert into public.feature_flags (flag_key, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', '{"fal":0.9,"runware":0.1}')
    on conflict do nothing`;
  supabase = await startSupabase(database);
  tables = await database.sql`
    select n.nspname as schema, c.relname as name,
      (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attidentity <> 'a'
        and a.attgenerated = '' order by a.attnum limit 1) as column
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'sluice') and c.relkind in ('r', 'p', 'v', 'm') order by 1, 2`;
});
afterAll(async () => {
  await supabase.close();
  await database.close();
});

function client(accessToken?: string, schema = 'public'): SupabaseClient {
  return createClient(supabase.url, supabase.publishableKey, {
    db: { schema: schema as 'public' },
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as never },
    global: accessToken ? { headers: { authorization: `Bearer ${accessToken}` } } : {},
  });
}

async function tokenOf(role: string | null): Promise<string> {
  const email = `${role ?? 'nobody'}@example.com`;
  const password = 'correct horse battery';
  const own = client();
  await supabase.addUser(email, password, role).catch(() => null);
  const { data, error } = await own.auth.signInWithPassword({ email, password });
  if (error) throw error;
  return data.session.access_token;
}

/** What each verb got: an error's code, or how many rows. */
async function everyVerb(token: string | undefined): Promise<Record<string, string | number>> {
  const seen: Record<string, string | number> = {};
  for (const { schema, name, column } of tables) {
    const table = client(token, schema).from(name);
    const verbs = {
      select: table.select('*').limit(3),
      insert: table.insert({ [column]: null }).select(),
      update: table
        .update({ [column]: null })
        .not(column, 'is', null)
        .select(),
      upsert: table.upsert({ [column]: null }).select(),
      delete: table.delete().not(column, 'is', null).select(),
    };
    for (const [verb, query] of Object.entries(verbs)) {
      const { data, error, status } = await query;
      // PostgREST does not expose partitions; writing to one is 404 without a code.
      seen[`${verb} ${schema}.${name}`] = error ? (error.code ?? status) : ((data as unknown[] | null)?.length ?? 0);
    }
  }
  return seen;
}

/** 55000: a view that cannot be written, which Postgres says before it asks who writes. */
const denied = (code: string | number) => code === '42501' || code === '55000' || code === 404;

describe('the data API', () => {
  it('walks every table there is', () => {
    const names = tables.map(({ schema, name }) => `${schema}.${name}`);
    expect(names).toEqual(expect.arrayContaining(['public.feature_flags', 'public.analytics_logs', 'sluice.sessions']));
    expect(names.length).toBeGreaterThan(15);
  });

  it('has row security on for every table of ours', async () => {
    const open = await database.sql`
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'sluice') and c.relkind in ('r', 'p') and not c.relrowsecurity`;
    expect(open.map(({ name }) => name)).toEqual([]);
  });

  it('gives anon nothing, from any table, by any verb', async () => {
    const seen = await everyVerb(undefined);
    expect(Object.entries(seen).filter(([, code]) => !denied(code))).toEqual([]);
  });

  it('gives a user without a role nothing', async () => {
    const seen = await everyVerb(await tokenOf(null));
    const got = Object.entries(seen).filter(
      ([what, code]) => !denied(code) && !(what.startsWith('select') && code === 0),
    );
    expect(got).toEqual([]);
  });

  it.each(['viewer', 'operator', 'admin'])('lets a %s read what operators need, and write nothing', async (role) => {
    const token = await tokenOf(role);
    const seen = await everyVerb(token);
    expect(Object.entries(seen).filter(([what, code]) => !what.startsWith('select') && !denied(code))).toEqual([]);
    expect(seen['select public.feature_flags']).toBeGreaterThan(0);
    expect(seen['select sluice.journal']).toBeGreaterThan(0);
    for (const secret of [
      'operators',
      'sessions',
      'sign_in_links',
      'alert_channels',
      'outbox',
      'idempotency',
      'provider_keys',
      'callers',
      'caller_keys',
    ]) {
      expect(denied(seen[`select sluice.${secret}`]!), secret).toBe(true);
    }
  });

  it('believes nobody about their own role', async () => {
    const token = await tokenOf(null);
    const own = client();
    await own.auth.signInWithPassword({ email: 'nobody@example.com', password: 'correct horse battery' });
    await own.auth.updateUser({ data: { sluice_role: 'admin' } });
    const { data } = await client(token).from('feature_flags').select('*');
    expect(data).toEqual([]);
  });

  it('lets nobody call a function of ours, except those that only answer', async () => {
    // What the guard of the events needs of any writer, and what the policies ask; none reads or changes a row.
    const open = {
      anon: [
        'in_range',
        'is_clean',
        'is_clean_event',
        'is_known',
        'known_arms',
        'provider_names',
        'is_believed',
        'doubt_of',
      ],
      authenticated: ['jwt_role', 'may_read'],
    };
    const callable = (role: string) => database.sql<{ name: string }[]>`
      select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'sluice' and p.prorettype <> 'trigger'::regtype and has_function_privilege(${role}, p.oid, 'execute')
        and (p.provolatile = 'v' or p.proname <> all(${[...open.anon, ...(role === 'authenticated' ? open.authenticated : [])]}))`;
    expect((await callable('anon')).map(({ name }) => name)).toEqual([]);
    expect((await callable('authenticated')).map(({ name }) => name)).toEqual([]);
    expect((await client(undefined, 'sluice').rpc('provider_names')).error?.code).toBe('42501');
    expect((await client(await tokenOf('admin'), 'sluice').rpc('compact')).error).not.toBeNull();
  });

  it('pins the search path of every security-definer function', async () => {
    const loose = await database.sql`
      select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('sluice', 'public') and p.prosecdef
        and not exists (select from unnest(p.proconfig) c where c like 'search\_path=%')`;
    expect(loose.map(({ name }) => name)).toEqual([]);
  });

  it('refuses forged, expired and unsigned tokens', async () => {
    const later = Math.floor(Date.now() / 1000) + 3600;
    const claims = { role: 'authenticated', app_metadata: { sluice_role: 'admin' }, exp: later };
    const tokens = {
      forged: signJwt('somebody else signed this one, not us', claims),
      expired: signJwt(supabase.jwtSecret, { ...claims, exp: later - 7200 }),
      unsigned: signJwt('', claims, 'none'),
      // PostgREST takes the role from the token, so a superuser's name in it must lead nowhere.
      superuser: signJwt(supabase.jwtSecret, { ...claims, role: 'postgres' }),
    };
    for (const [name, token] of Object.entries(tokens)) {
      const { data, error } = await client(token).from('feature_flags').select('*');
      expect([name, data, error === null]).toEqual([name, null, false]);
    }
  });
});
