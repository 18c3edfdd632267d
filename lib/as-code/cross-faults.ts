import type { Sql } from '@/lib/postgres/sql';
import { scopesFault } from '@/lib/registry/callers/callers';
import { candidatesOf, type PolicyWire } from '@/lib/split/policy/format-policy';
import { readPolicyValue } from '@/lib/split/policy/read-policy';
import { firstSplit } from '@/lib/split/split-key';
import type { Wanted } from './change';
import { type FileRow, type PlacedFault, policyFault } from './file/file-rows';
import type { Place } from './file/parse-yaml';
import { placeText } from './file/read-file';
import type { StoredState } from './read-state';
import { identityOf, type RowOf } from './rows';

interface Known {
  readonly state: StoredState;
  /** That there will be: of the file, and of the database where that stays. */
  readonly providers: ReadonlySet<string>;
  readonly arms: ReadonlyMap<string, ReadonlySet<string>>;
  readonly kinds: ReadonlyMap<string, string>;
}

/** What the file says that does not fit what else there is; the rest is judged by the database as it is written. */
export function crossFaults({ rows, prune }: Wanted, state: StoredState): PlacedFault[] {
  const known = knownOf(rows, state, prune);
  return rows.flatMap((fileRow) => faultsOf(fileRow, known));
}

function knownOf(rows: readonly FileRow[], state: StoredState, prune: boolean): Known {
  const all = [...(prune ? [] : state.rows), ...rows.map(({ row }) => row)];
  const arms = new Map<string, Set<string>>();
  for (const { of, id } of all) {
    const [key = '', name = ''] = id;
    if (of === 'arm') arms.set(key, (arms.get(key) ?? new Set()).add(name));
  }
  return {
    ...{ state, arms },
    providers: new Set(all.flatMap(({ of, id }) => (of === 'provider' ? id : []))),
    kinds: new Map(
      state.rows.flatMap((row) => (row.of === 'split' ? [[row.id[0] ?? '', row.values.kind] as const] : [])),
    ),
  };
}

function faultsOf({ row, place }: FileRow, known: Known): PlacedFault[] {
  const fault = (parts: Place, sentence: string): PlacedFault => {
    const at = [...place, ...parts];
    return { place: at, sentence: `${placeText(at)} ${sentence}` };
  };
  const unknown = (name: string) =>
    known.providers.has(name)
      ? []
      : [fault(['provider'], `is "${name}"; it must be a provider: ${listed(known.providers)}`)];
  if (row.of === 'arm') {
    const [key = '', name = ''] = row.id;
    const { provider } = row.values;
    if (key === firstSplit && name !== provider)
      return [fault(['provider'], `is "${provider}"; the arms of ${firstSplit} are called like their providers`)];
    return unknown(provider);
  }
  if (row.of === 'model') {
    const [, provider = ''] = row.id;
    if (known.providers.has(provider)) return [];
    return [fault([], `is at "${provider}"; it must be a provider: ${listed(known.providers)}`)];
  }
  if (row.of === 'split') return splitFaults(row, fault, known);
  if (row.of === 'policy') return policyFaults(row.id[0] ?? '', row.values, place.slice(0, -1), known);
  if (row.of !== 'caller') return [];
  const [name = ''] = row.id;
  const scopes = scopesFault(row.values.scopes);
  return [
    ...(/^env-|^(?:anyone|watchdog|sluice)$/.test(name)
      ? [fault([], 'is a name that is kept for ourselves; choose another')]
      : []),
    ...(scopes === null ? [] : [fault(['scopes'], `cannot stand: ${scopes}`)]),
    ...(row.values.prefixes.length > 0 && !row.values.scopes.includes('relay')
      ? [fault(['prefixes'], 'say what may be relayed, and it has no scope relay')]
      : []),
  ];
}

function splitFaults(
  { id: [key = ''], values }: RowOf<'split'>,
  fault: (parts: Place, sentence: string) => PlacedFault,
  { state, kinds }: Known,
): PlacedFault[] {
  const { slug, kind, match } = values;
  const was = kinds.get(key);
  const prefix = match.prefixes?.find((each) => state.reserved.includes(each.slice(1)));
  return [
    ...(state.reserved.includes(slug)
      ? [fault([], 'is a slug that is reserved for a path of our own; choose another')]
      : []),
    ...(prefix === undefined
      ? []
      : [fault(['match', 'prefixes'], `has "${prefix}", which is reserved for a path of our own`)]),
    ...(was === undefined || was === kind
      ? []
      : [fault(['kind'], `is "${kind}"; it is ${was} and cannot change: make another split`)]),
  ];
}

/** A policy names arms of its own split, whatever else there is. */
function policyFaults(key: string, policy: PolicyWire, split: Place, { arms }: Known): PlacedFault[] {
  const own = [...(arms.get(key) ?? [])].sort();
  const strangers = [policy.baseline, ...candidatesOf(policy)].filter((arm) => !own.includes(arm));
  if (strangers.length > 0)
    return strangers.map((arm) => {
      const part = arm === policy.baseline ? 'baseline' : policy.candidate === undefined ? 'candidates' : 'candidate';
      const place = [...split, 'policy', part];
      const have = own.length === 0 ? 'it has none' : `they are ${own.join(', ')}`;
      return { place, sentence: `${placeText(place)} names "${arm}", which is no arm of this split; ${have}` };
    });
  const reading = readPolicyValue(policy, own);
  return reading.ok ? [] : reading.faults.map((sentence) => policyFault(split, sentence));
}

const listed = (names: ReadonlySet<string>): string =>
  names.size === 0 ? 'there is none' : [...names].sort().join(', ');

/** Addresses of providers, judged by the database without writing. */
export async function originFaults(sql: Sql, { rows }: Wanted): Promise<PlacedFault[]> {
  const asked = rows.flatMap(({ row, place }) =>
    row.of === 'provider' && row.values.baseUrl !== null
      ? [{ place: [...place, 'baseUrl'], url: row.values.baseUrl, isPrivate: row.values.options.private === true }]
      : [],
  );
  if (asked.length === 0) return [];
  const wire = JSON.stringify(
    asked.map(({ place, url, isPrivate }) => ({ what: placeText(place), url, private: isPrivate })),
  );
  const found = await sql<{ fault: string | null }[]>`
    select sluice.origin_fault(e.each ->> 'what', e.each ->> 'url', (e.each -> 'private')::boolean) as fault
    from jsonb_array_elements(${wire}::text::jsonb) with ordinality e (each, at) order by e.at`;
  return asked.flatMap(({ place }, at) => {
    const fault = found[at]?.fault ?? null;
    return fault === null ? [] : [{ place, sentence: fault }];
  });
}

/** For a sentence of the database about a row: where the file says it. */
export function placeOfRow(rows: readonly FileRow[], row: FileRow['row']): Place | null {
  return rows.find((each) => identityOf(each.row) === identityOf(row))?.place ?? null;
}
