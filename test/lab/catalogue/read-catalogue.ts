import type { Sql } from '@/lib/postgres/sql';

/** Ours, and the two tables of the plan. */
const ours = `('sluice', 'public')`;

const grants = (what: string, name: string, acl: string, kind: string, owner: string, from: string) => `
  select '${what} ' || ${name} || ': ' || a.privilege_type || ' to ' || case when a.grantee = 0 then 'public'
      when a.grantee = ${owner} then 'OWNER' else pg_get_userbyid(a.grantee)::text end
    || case when a.is_grantable then ' with grant option' else '' end
  from ${from} cross join lateral aclexplode(coalesce(${acl}, acldefault(${kind}, ${owner}))) a`;

const relations = `pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname in ${ours}`;
const functions = `pg_proc p join pg_namespace n on n.oid = p.pronamespace and n.nspname in ${ours}`;
const columns = `${relations} and c.relkind in ('r', 'p', 'v', 'm', 'f')
  join pg_attribute t on t.attrelid = c.oid and t.attnum > 0 and not t.attisdropped`;

/**
 * Each a list of lines. Rights stored as null and rights stored as their default say the same; and NOT NULL constraints
 * go without their names, which Postgres has only since 18.
 */
const parts: Readonly<Record<string, string>> = {
  schemas: `select n.nspname::text from pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
  relations: `select format('%s kind=%s persistence=%s options=%s row_security=%s forced=%s replica_identity=%s partition=%s bound=%s key=%s',
      c.oid::regclass, c.relkind, c.relpersistence, c.reloptions, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
      (select i.inhparent::regclass from pg_inherits i where i.inhrelid = c.oid), pg_get_expr(c.relpartbound, c.oid),
      case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end) from ${relations}`,
  columns: `select format('%s.%s %s %s%s default=%s identity=%s generated=%s storage=%s compression=%s collation=%s options=%s statistics=%s', c.oid::regclass,
      row_number() over (partition by c.oid order by t.attnum), t.attname,
      format_type(t.atttypid, t.atttypmod), case when t.attnotnull then ' not null' else '' end, pg_get_expr(d.adbin, d.adrelid),
      t.attidentity, t.attgenerated, t.attstorage, t.attcompression, t.attcollation::regcollation, t.attoptions, t.attstattarget)
    from ${columns} left join pg_attrdef d on d.adrelid = c.oid and d.adnum = t.attnum`,
  indexes: `select format('%s valid=%s clustered=%s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered)
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace and n.nspname in ${ours}`,
  constraints: `select format('%s %s: %s validated=%s', coalesce(nullif(k.conrelid, 0)::regclass::text, k.contypid::regtype::text),
      case k.contype when 'n' then '' else k.conname end,
      pg_get_constraintdef(k.oid), k.convalidated)
    from pg_constraint k join pg_namespace n on n.oid = k.connamespace and n.nspname in ${ours}`,
  sequences: `select format('%s of=%s start=%s by=%s min=%s max=%s cache=%s cycle=%s last=%s', s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart,
      s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, pg_sequence_last_value(s.seqrelid))
      || coalesce((select format(' owned by %s.%s', d.refobjid::regclass, t.attname) from pg_depend d
        join pg_attribute t on t.attrelid = d.refobjid and t.attnum = d.refobjsubid
        where d.objid = s.seqrelid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')), '')
    from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace and n.nspname in ${ours}`,
  functions: `select pg_get_functiondef(p.oid) from ${functions} where p.prokind in ('f', 'p')`,
  triggers: `select format('%s enabled=%s parent=%s', pg_get_triggerdef(t.oid), t.tgenabled, t.tgparentid <> 0)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace and n.nspname in ${ours}
    where not t.tgisinternal or t.tgparentid <> 0`,
  policies: `select format('%s.%s %s: %s %s to %s using (%s) with check (%s)', p.schemaname, p.tablename, p.policyname, p.permissive, p.cmd,
      p.roles, p.qual, p.with_check) from pg_policies p where p.schemaname in ${ours}`,
  types: `select format('%s %s', t.oid::regtype, t.typtype) from pg_type t join pg_namespace n on n.oid = t.typnamespace and n.nspname in ${ours}
    where t.typtype not in ('b', 'c', 'p')`,
  rules: `select pg_get_ruledef(r.oid) from pg_rewrite r join pg_class c on c.oid = r.ev_class
    join pg_namespace n on n.oid = c.relnamespace and n.nspname in ${ours}`,
  comments: `select format('%s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description) from pg_description d
    where pg_describe_object(d.classoid, d.objoid, d.objsubid) ~ '(sluice\\.|feature_flags|analytics_logs|schema sluice)'`,
  'grants on schemas': grants(
    'schema',
    'n.nspname',
    'n.nspacl',
    `'n'`,
    'n.nspowner',
    `(select * from pg_namespace where nspname in ${ours}) n`,
  ),
  'grants on relations': grants(
    'relation',
    'c.oid::regclass',
    'c.relacl',
    `case c.relkind when 'S' then 's' else 'r' end::"char"`,
    'c.relowner',
    `(select c.* from ${relations} where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')) c`,
  ),
  'grants on columns': `select format('column %s.%s: %s to %s', c.oid::regclass, t.attname, a.privilege_type,
      case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee)::text end)
    from ${columns} cross join lateral aclexplode(t.attacl) a`,
  'grants on functions': grants(
    'function',
    'p.oid::regprocedure',
    'p.proacl',
    `'f'`,
    'p.proowner',
    `(select p.* from ${functions}) p`,
  ),
  'default privileges': `select format('%s %s: %s to %s', d.defaclnamespace::regnamespace, d.defaclobjtype, a.privilege_type,
      case a.grantee when 0 then 'public' when d.defaclrole then 'OWNER' else pg_get_userbyid(a.grantee)::text end)
    from pg_default_acl d cross join lateral aclexplode(d.defaclacl) a`,
  roles: `select format('%s super=%s inherit=%s createrole=%s createdb=%s login=%s replication=%s bypassrls=%s settings=%s', r.rolname, r.rolsuper, r.rolinherit,
      r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconfig) from pg_roles r
    where r.rolname ~ '^(sluice|anon$|auth|service_role$)'`,
  memberships: `select format('%s in %s', pg_get_userbyid(m.member), pg_get_userbyid(m.roleid)) from pg_auth_members m
    where pg_get_userbyid(m.member) !~ '^(pg_|postgres$)'`,
  'other owners': `select format('%s belongs to %s', c.oid::regclass, pg_get_userbyid(c.relowner)) from ${relations} and c.relowner <> current_user::regrole
    union all select format('%s belongs to %s', p.oid::regprocedure, pg_get_userbyid(p.proowner)) from ${functions} and p.proowner <> current_user::regrole`,
  'rows of providers': `select format('%s %s %s', p.name, p.label, p.deprecated) from sluice.providers p`,
  'rows of event_indexes': `select e::text from sluice.event_indexes e`,
  'rows of believed_roles': `select b.role from sluice.believed_roles b`,
  'rows of feature_flags': `select (to_jsonb(f) - array['created_at', 'updated_at', 'stage_started_at', 'rollout_started_at', 'latched_at'])::text
    from public.feature_flags f`,
  'rows of last_good': `select g.flag_key || ' ' || (g.row - array['created_at', 'updated_at', 'stage_started_at', 'rollout_started_at', 'latched_at'])::text
    from sluice.last_good g`,
  'rows of journal': `select (to_jsonb(j) - array['at', 'hash', 'prev_hash'])::text from sluice.journal j`,
  'rows of journal_head': `select format('%s %s', h.flag_key, h.seq) from sluice.journal_head h`,
  'rows of backfill': `select 'one' from sluice.backfill`,
  'rows of outbox': `select o.payload::text from sluice.outbox o`,
  'rows of alerts': `select a.kind || ' ' || a.key from sluice.alerts a`,
};

/** Everything that migrations leave in a database, as sorted text: two of these are equal when the schemas are. */
export async function catalogue(sql: Sql): Promise<string> {
  return sql.begin(async (tx) => {
    await tx`set local search_path = 'pg_catalog'`;
    const sections: string[] = [];
    for (const [title, query] of Object.entries(parts)) {
      const rows = await tx.unsafe<Record<string, string>[]>(query);
      const lines = rows.map((row) => Object.values(row)[0] ?? '').sort();
      sections.push([`## ${title}`, ...lines, ''].join('\n'));
    }
    return sections.join('\n');
  }) as Promise<string>;
}
