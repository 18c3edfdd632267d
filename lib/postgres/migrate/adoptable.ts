import type { Sql, Tx } from '@/lib/postgres/sql';

interface Column {
  readonly name: string;
  readonly type: string;
}

interface Found {
  readonly kind: string;
  readonly owner: string;
  readonly is_ours: boolean;
  readonly has_rules: boolean;
  readonly is_keyed: boolean;
  readonly columns: readonly Column[];
}

const text = ['text', 'character varying'];
const instant = ['timestamp with time zone'];
const wanted: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  feature_flags: {
    flag_key: text,
    flag_value: ['boolean'],
    flag_value_text: text,
    description: text,
    version: ['bigint'],
  },
  analytics_logs: { event_type: text, event_data: ['jsonb'], created_at: instant, arrived_at: instant },
};
/** Without it there is nothing to adopt; every other column that is missing is added. */
const mustBeThere = ['flag_key'];

/** Refuses before anything is changed, with everything that stands in the way of adopting what is there. */
export async function assertAdoptable(sql: Sql): Promise<void> {
  const obstacles = await sql.begin('isolation level read committed read write', async (tx) => {
    const [done] = await tx<{ flags: string | null; logs: string | null }[]>`
      select to_regclass('sluice.journal')::text as flags, to_regclass('sluice.event_indexes')::text as logs`;
    return [
      ...(done?.flags ? [] : await obstaclesOf(tx, 'feature_flags')),
      ...(done?.logs ? [] : await obstaclesOf(tx, 'analytics_logs')),
    ];
  });
  if (obstacles.length === 0) return;
  throw new Error(
    `nothing was migrated and nothing changed, for what is there cannot be adopted as it is:\n${obstacles
      .map((obstacle) => `  - ${obstacle}`)
      .join('\n')}\nMend it at a quiet time (each of these rewrites or locks its table), then migrate again.`,
  );
}

async function obstaclesOf(tx: Tx, name: string): Promise<string[]> {
  const table = `public.${name}`;
  const found = await read(tx, table);
  if (found === null) return [];
  if (!['r', 'p'].includes(found.kind)) return [`${table} is not a table (a view, or a foreign table): rename it`];
  if (!found.is_ours) return [`${table} belongs to ${found.owner}: migrate as that role, or as a member of it`];
  const columns = Object.entries(wanted[name] ?? {}).flatMap(([column, types]) => {
    const there = found.columns.find((each) => each.name === column);
    if (there === undefined) return mustBeThere.includes(column) ? [missingKey(table, found.columns)] : [];
    return types.includes(there.type) ? [] : [wrongType(table, there, types[0] ?? '')];
  });
  const hasKey = found.columns.some((column) => column.name === 'flag_key');
  const loose = name === 'feature_flags' && hasKey && !found.is_keyed;
  return [
    ...columns,
    ...(loose ? [`${table}.flag_key is not unique: alter table ${table} add unique (flag_key)`] : []),
    ...(found.has_rules && columns.length === 0 ? await hiddenFromUs(tx, table, name) : []),
  ];
}

async function read(tx: Tx, table: string): Promise<Found | null> {
  const [found] = await tx<Found[]>`
    select c.relkind as kind, pg_get_userbyid(c.relowner) as owner, pg_has_role(c.relowner, 'usage') as is_ours,
      c.relforcerowsecurity and not exists (
        select from pg_roles r where r.rolname = current_user and (r.rolsuper or r.rolbypassrls)) as has_rules,
      exists (
        select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indnkeyatts = 1 and i.indpred is null
          and a.attname = 'flag_key') as is_keyed,
      (select coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by a.attnum), '[]')
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
    from pg_class c where c.oid = to_regclass(${table})`;
  return found ?? null;
}

function missingKey(table: string, columns: readonly Column[]): string {
  const other = ['key', 'name', 'flag', 'flag_name'].find((name) => columns.some((column) => column.name === name));
  if (other === undefined) return `${table} has no column flag_key, by which flags are found: rename the table`;
  return `${table} has no column flag_key: alter table ${table} rename column ${other} to flag_key (and what reads it)`;
}

const conversions: Readonly<Record<string, (column: string) => string>> = {
  'timestamp without time zone': (column) => ` using ${column} at time zone 'UTC'`,
  json: (column) => ` using ${column}::jsonb`,
};

function wrongType(table: string, { name, type }: Column, type2: string): string {
  const using = conversions[type]?.(name) ?? ` using ${name}::${type2}`;
  return `${table}.${name} is ${type} and must be ${type2}: alter table ${table} alter column ${name} type ${type2}${using}`;
}

/** Forced row security holds for the owner too: what we cannot write and read again we have not adopted. */
async function hiddenFromUs(tx: Tx, table: string, name: string): Promise<string[]> {
  const probe =
    name === 'feature_flags'
      ? "insert into public.feature_flags (flag_key) values ('sluice_probe') returning 1"
      : "insert into public.analytics_logs (event_type, event_data) values ('sluice_probe', '{}') returning 1";
  const undone = new Error('undone');
  try {
    await tx.savepoint(async (inner) => {
      await inner.unsafe(probe);
      throw undone;
    });
  } catch (error) {
    if (error === undone || (error as { code?: string }).code !== '42501') return [];
  }
  const [who] = await tx<{ name: string }[]>`select current_user as name`;
  return [
    `${table} has FORCE ROW LEVEL SECURITY, and no policy lets ${who?.name} write it: alter table ${table} no force row level security, ` +
      `or create policy sluice on ${table} to ${who?.name} using (true) with check (true)`,
  ];
}
