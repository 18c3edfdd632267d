import { createHmac } from 'node:crypto';
import postgres from 'postgres';

export const ownerRole = 'sluice';

// Any number will do; two starts on one folder must not make the role at once.
const lockKey = 7_354_220_482;

/**
 * The connection string that the product uses: of an ordinary role that owns the database and what is in it. The
 * superuser, who can switch triggers off and rewrite the journal, is for starting Postgres only.
 */
export async function asOwner(superuserUrl: string): Promise<string> {
  const password = passwordFrom(superuserUrl);
  const sql = postgres(superuserUrl, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${lockKey})`;
      await tx.unsafe(makeRole(password));
      await tx.unsafe(handOver);
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
  return ownerUrl(superuserUrl);
}

/** The same without looking whether the role is there yet. */
export function ownerUrl(superuserUrl: string): string {
  const url = new URL(superuserUrl);
  url.username = ownerRole;
  url.password = passwordFrom(superuserUrl);
  return url.href;
}

/** Made from the superuser's, which is kept already; that one cannot be made from this. */
function passwordFrom(superuserUrl: string): string {
  return createHmac('sha256', new URL(superuserUrl).password).update(ownerRole).digest('base64url');
}

/** To see who holds a flag, and to end a session that sits on it, a managed Postgres gives its owner the same two. */
const makeRole = (password: string) => `
  do $$ begin
    if not exists (select from pg_roles where rolname = '${ownerRole}') then create role ${ownerRole}; end if;
  end $$;
  alter role ${ownerRole} login nosuperuser nocreaterole nocreatedb noreplication nobypassrls password '${password}';
  grant pg_read_all_stats, pg_signal_backend to ${ownerRole};
  do $$ begin execute format('alter database %I owner to ${ownerRole}', current_database()); end $$;`;

/** A folder that an earlier build filled as superuser: its tables, functions and types become the owner's, once. */
const handOver = `
  do $$
  declare
    ours constant oid[] := array(select n.oid from pg_namespace n
      where n.nspname in ('public', 'sluice', 'supabase_migrations'));
    bound record;
  begin
    for bound in
      select format('schema %I', n.nspname) as thing from pg_namespace n
      where n.oid = any (ours) and n.nspname <> 'public' and pg_get_userbyid(n.nspowner) <> '${ownerRole}'
      union all
      select format('table %s', c.oid::regclass) from pg_class c
      where c.relnamespace = any (ours) and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and pg_get_userbyid(c.relowner) <> '${ownerRole}'
      union all
      -- A sequence of a column goes with its table.
      select format('sequence %s', c.oid::regclass) from pg_class c
      where c.relnamespace = any (ours) and c.relkind = 'S' and pg_get_userbyid(c.relowner) <> '${ownerRole}'
        and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass
          and d.deptype in ('a', 'i') and d.refclassid = 'pg_class'::regclass)
      union all
      select format('routine %s', p.oid::regprocedure) from pg_proc p
      where p.pronamespace = any (ours) and pg_get_userbyid(p.proowner) <> '${ownerRole}'
        and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
      union all
      -- The row type of a table goes with its table, and an array with its element.
      select format('type %s', t.oid::regtype) from pg_type t left join pg_class c on c.oid = t.typrelid
      where t.typnamespace = any (ours) and (t.typtype in ('d', 'e') or c.relkind = 'c')
        and pg_get_userbyid(t.typowner) <> '${ownerRole}'
        and not exists (select from pg_depend d where d.objid = t.oid and d.classid = 'pg_type'::regclass and d.deptype = 'e')
    loop
      execute format('alter %s owner to ${ownerRole}', bound.thing);
    end loop;
  end $$;`;
