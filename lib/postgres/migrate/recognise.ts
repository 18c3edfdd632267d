import type { Tx } from '@/lib/postgres/sql';
import type { Migration } from './files';
import { addTraces, nameOf, type Traces } from './traces';

/**
 * The migrations that are applied though no ledger knows them: a restored dump without its ledger, a ledger that was
 * dropped. They are told by what they leave in the catalog; empty when all that is there is recorded.
 */
export async function recognise(
  tx: Tx,
  migrations: readonly Migration[],
  known: ReadonlySet<string>,
): Promise<readonly Migration[]> {
  if (migrations.every(({ version }) => known.has(version))) return [];
  const present = await readCatalog(tx);
  if (!holdsUnrecorded(migrations, known, present)) return [];
  const traces: Traces = new Map();
  const everything = tracesOf(migrations);
  let nearest = { count: Number.POSITIVE_INFINITY, fault: '', file: '' };
  for (const [index, migration] of migrations.entries()) {
    addTraces(traces, migration);
    const faults = differences(traces, everything, present);
    if (faults.length === 0) return migrations.slice(0, index + 1).filter(({ version }) => !known.has(version));
    if (faults.length < nearest.count) nearest = { count: faults.length, fault: faults[0] ?? '', file: migration.file };
  }
  throw new Error(
    `the schema sluice is there, but its ledger is not, and it is as none of our migrations left it (nearest is ${nearest.file}, ` +
      `but ${nearest.fault}); nothing was changed. Restore sluice.migrations from a backup, or write into it what is applied: ` +
      `insert into sluice.migrations (version, name, applied_by) values ('${migrations[0]?.version}', '${migrations[0]?.name}', 'migrate'), …`,
  );
}

/** A table or function of ours is there that only an unrecorded migration can have made: by its name, which no other has. */
function holdsUnrecorded(migrations: readonly Migration[], known: ReadonlySet<string>, present: Catalog): boolean {
  const recorded = namesOf(tracesOf(migrations.filter(({ version }) => known.has(version))));
  return [...tracesOf(migrations).keys()].some(
    (key) => /^(?:table|function) sluice\./.test(key) && !recorded.has(nameOf(key)) && present.has(key, null),
  );
}

const namesOf = (traces: Traces) => new Set([...traces.keys()].map(nameOf));

function tracesOf(migrations: readonly Migration[]): Traces {
  const traces: Traces = new Map();
  for (const migration of migrations) addTraces(traces, migration);
  return traces;
}

function differences(wanted: Traces, everything: Traces, present: Catalog): string[] {
  const missing = [...wanted]
    .filter(([key, body]) => !present.has(key, body))
    .map(([key]) => `${key} is missing or different`);
  const names = namesOf(wanted);
  const later = [...everything.keys()].filter((key) => !names.has(nameOf(key)) && present.has(key, null));
  return [...missing, ...later.map((key) => `${key} is there already`)];
}

interface Catalog {
  /** A function by its name and, when it is known, its body; everything else by its name. */
  has(key: string, body: string | null): boolean;
}

async function readCatalog(tx: Tx): Promise<Catalog> {
  const rows = await tx<{ key: string; body: string | null }[]>`
    select 'table sluice.' || c.relname as key, null as body
    from pg_class c where c.relnamespace = to_regnamespace('sluice') and c.relkind in ('r', 'p')
    union all
    select format('column %s.%s.%s', n.nspname, c.relname, a.attname), null
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('sluice', 'public') and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    union all
    select 'function sluice.' || p.proname, p.prosrc from pg_proc p where p.pronamespace = to_regnamespace('sluice')`;
  const bodies = new Map<string, Set<string | null>>();
  for (const { key, body } of rows) bodies.set(key, (bodies.get(key) ?? new Set()).add(body));
  return {
    has(key, body) {
      const found = bodies.get(nameOf(key));
      return found !== undefined && (body === null || found.has(body));
    },
  };
}
