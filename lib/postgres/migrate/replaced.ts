import type { Tx } from '../sql';
import type { Migration } from './files';

/** The files that this set replaced, in their order. What they left, all applied, is what the set leaves. */
export const replaced: readonly string[] = `
  20261121000100_roles 20261121000110_policy 20261121000120_feature_flags 20261121000130_journal
  20261121000140_guard 20261121000150_operations 20261121000160_access 20261121000170_tidy
  20261121000200_events 20261121000210_event_guard 20261121000220_buckets 20261121000230_compaction
  20261121000240_metrics 20261121000250_partitions 20261121000260_batches 20261121000270_retention
  20261121000280_backfill 20261121000290_partition_adopted 20261121000300_operators_read
  20261121000330_vouchers 20261121000340_bins_as_text 20261121000350_table_locks 20261121000360_quick_batches
  20261121000370_quick_charts 20261121000380_quick_counts 20261121000390_quick_ticks 20261121000400_settle_keys
  20261128110100_doubted_events 20261128112000_sessions 20261128113000_ledger 20261128113100_plain_strings
  20261128113200_own_indexes 20261128113300_integrity 20261128116000_hidden_text 20261128116500_last_good
  20261128116600_tell_changes 20261128118000_hidden_text_for_us 20261128118100_undoubted_details
  20261128118200_access_is_no_flag 20261128118500_guards 20261128118600_plain_access
  20261128119000_good_means_judged 20261128119100_heads_of_ours 20261128119200_missing_rows_of_ours
  20261128120000_least_privilege
`
  .trim()
  .split(/\s+/);
const lastOfSet = '20261129001200';

interface Row {
  readonly version: string;
  readonly name: string | null;
}

export interface Ledgers {
  readonly own: readonly Row[];
  readonly clis: readonly Row[];
}

/**
 * The set where every replaced file is applied, whichever ledger says so: its rows then take the place of theirs. Null
 * where none is. A database that stands between the two has no way on from here, and is refused.
 */
export function standInFor({ own, clis }: Ledgers, migrations: readonly Migration[]): readonly Migration[] | null {
  const applied = new Set([...own, ...clis].map(stem));
  const missing = replaced.filter((file) => !applied.has(file));
  if (missing.length === replaced.length) return null;
  if (missing.length > 0) throw new Error(betweenTwoSets(missing));
  return migrations.filter(({ version }) => version <= lastOfSet);
}

/** Those of the replaced files that a ledger holds. */
export function replacedIn(rows: readonly Row[]): readonly string[] {
  const files = new Set(replaced);
  return rows.filter((row) => files.has(stem(row))).map(({ version }) => version);
}

/** The one function that differs: it names a file of its set. */
export async function renewLedgerFunction(tx: Tx, set: readonly Migration[]): Promise<void> {
  const start = /\bcreate (?=function sluice\.applied_migrations\()/;
  const statement = set.flatMap(({ statements }) => statements).find((each) => start.test(each));
  if (statement !== undefined) await tx.unsafe(statement.replace(start, 'create or replace '));
}

const stem = ({ version, name }: Row) => `${version}_${name}`;

function betweenTwoSets(missing: readonly string[]): string {
  return (
    `an earlier build migrated this database part of the way: ${missing.length} of its ${replaced.length} files are not ` +
    `applied, first ${missing[0]}.sql. Those files were replaced by a set that begins anew, so there is no way on from ` +
    'here; nothing was changed. To keep what is in the database, migrate it with the last build that has ' +
    `supabase/migrations/${replaced.at(-1)}.sql, then again with this one. Otherwise use an empty database: for the ` +
    'embedded one, move its data folder away.'
  );
}
