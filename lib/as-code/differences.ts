import { candidatesOf, formatPolicy } from '@/lib/split/policy/format-policy';
import { defaultPolicy } from '@/lib/split/policy/policy';
import { atBaseline } from '@/lib/split/policy/usual-plan';
import { firstSplit } from '@/lib/split/split-key';
import type { Change, Wanted } from './change';
import { hiddenChanges, storedAs } from './channels';
import type { FileRow } from './file/file-rows';
import { leafChanges } from './leaf-changes';
import { channelRow, type StoredState } from './read-state';
import { identityOf, nouns, type Row } from './rows';

export interface Differences {
  /** In the order in which they are written. */
  readonly changes: readonly Change[];
  /** Rows of the database that the file does not name: left alone, unless they are pruned. */
  readonly unlisted: readonly Row[];
}

/** What would have to be written so that the database says what the file says. */
export function differencesOf(wanted: Wanted, state: StoredState): Differences {
  const stored = new Map(state.rows.map((row) => [identityOf(row), row]));
  const meant = new Set<string>();
  const changes = wanted.rows.flatMap((fileRow): Change[] => {
    const channel = fileRow.row.of === 'channel' ? storedAs(fileRow.row, state, wanted.environment) : undefined;
    const before = channel === undefined ? stored.get(identityOf(fileRow.row)) : channelRow(channel);
    meant.add(identityOf(before ?? fileRow.row));
    const row = keepState(fileRow, before);
    const fields = [
      ...leafChanges(before?.values ?? unsaid(row), row.values),
      ...(channel !== undefined && row.of === 'channel' ? hiddenChanges(row, channel, wanted.environment) : []),
    ];
    if (before !== undefined && fields.length === 0) return [];
    return [{ kind: before === undefined ? 'add' : 'change', row, fields, place: fileRow.place }];
  });
  const listed = new Set(wanted.rows.flatMap(({ row }) => (row.of === 'split' ? row.id : [])));
  const unlisted = state.rows.filter((row) => !meant.has(identityOf(row)) && isPrunable(row, state, listed));
  const removals = [...unlisted].reverse().map((row): Change => ({ kind: 'remove', row, fields: [], place: null }));
  const order = ({ kind, row }: Change) => (kind === 'remove' ? nouns.length : nouns.indexOf(row.of));
  const all = [...changes, ...firstWeights(wanted.rows, state), ...(wanted.prune ? removals : [])];
  return { changes: all.sort((a, b) => order(a) - order(b)), unlisted };
}

/** What holds without a row: the default policy judges the first split. */
function unsaid({ of, id }: Row): unknown {
  return of === 'policy' && id[0] === firstSplit ? formatPolicy(defaultPolicy) : undefined;
}

/** A provider that was drained in the night stays so, unless the file says what it should be; so does what a channel is called and told. */
function keepState({ row, hasState }: FileRow, before: Row | undefined): Row {
  if (row.of === 'channel') {
    const { name = null, alerts = null } = before?.of === 'channel' ? before.values : {};
    const said = Object.fromEntries(Object.entries(row.values).filter(([, value]) => value !== undefined));
    return { ...row, values: { ...row.values, name, alerts, ...said } };
  }
  if (row.of !== 'provider' || hasState || before?.of !== 'provider') return row;
  return { ...row, values: { ...row.values, state: before.values.state } };
}

/** A policy stays with its split; a split that the file does not name goes out of use with all it has, once. */
function isPrunable({ of, id: [key = ''] }: Row, { archived }: StoredState, listed: ReadonlySet<string>): boolean {
  if (of === 'policy') return false;
  if (of === 'split') return key !== firstSplit && !archived.has(key);
  return of !== 'arm' || listed.has(key);
}

/** A split that has a policy and never had weights begins with all of its traffic at the baseline. */
function firstWeights(rows: readonly FileRow[], { withWeights }: StoredState): Change[] {
  const archived = new Set(rows.flatMap(({ row }) => (row.of === 'split' && row.values.archived ? row.id : [])));
  return rows.flatMap(({ row, place }): Change[] => {
    const [key = ''] = row.id;
    if (row.of !== 'policy' || key === firstSplit || withWeights.has(key) || archived.has(key)) return [];
    const values = atBaseline(row.values.baseline, candidatesOf(row.values));
    return [{ kind: 'add', row: { of: 'weights', id: [key], values }, fields: leafChanges(undefined, values), place }];
  });
}
