import type { Sql } from '@/lib/postgres/sql';
import { modelsFault, scopesFault } from '@/lib/registry/callers/caller-faults';
import { isOurName } from '@/lib/registry/callers/callers';
import { candidatesOf, type PolicyWire } from '@/lib/split/policy/format-policy';
import { readPolicyValue } from '@/lib/split/policy/read-policy';
import { firstSplit } from '@/lib/split/split-key';
import type { Wanted } from './change';
import { type FileRow, type PlacedFault, policyFault } from './file/file-rows';
import type { Place } from './file/parse-yaml';
import { placeText } from './file/read-file';
import type { StoredState } from './read-state';
import type { RowOf } from './rows';

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
  const fault: FaultAt = (parts, sentence) => {
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
  return row.of === 'caller' ? callerFaults(row, fault) : [];
}

type FaultAt = (parts: Place, sentence: string) => PlacedFault;

function callerFaults({ id: [name = ''], values: { scopes, prefixes, models } }: RowOf<'caller'>, fault: FaultAt) {
  const scopeFault = scopesFault(scopes);
  const modelFault = modelsFault(models, scopes);
  return [
    ...(isOurName(name) ? [fault([], 'is a name that is kept for ourselves; choose another')] : []),
    ...(scopeFault === null ? [] : [fault(['scopes'], `cannot stand: ${scopeFault}`)]),
    ...(prefixes.length > 0 && !scopes.includes('relay')
      ? [fault(['prefixes'], 'say what may be relayed, and it has no scope relay')]
      : []),
    ...(modelFault === null ? [] : [fault(['models'], modelFault.replace('models ', ''))]),
  ];
}

function splitFaults(
  { id: [key = ''], values }: RowOf<'split'>,
  fault: FaultAt,
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

/** Addresses of providers, and how relays are reached, judged by the database without writing. */
export async function originFaults(sql: Sql, { rows }: Wanted): Promise<PlacedFault[]> {
  const asked = rows.flatMap(({ row, place }) => (row.of === 'provider' ? [{ place, values: row.values }] : []));
  if (asked.length === 0) return [];
  const dialects = rows.flatMap(({ row }) => (row.of === 'dialect' ? row.id : []));
  const wire = JSON.stringify(
    asked.map(({ place, values: { adapter, baseUrl: url, options } }) => {
      return { what: placeText(place), url, options, private: options.private === true, relay: adapter === 'relay' };
    }),
  );
  const found = await sql<{ fault: string | null }[]>`
    select coalesce(
      sluice.origin_fault(e.each ->> 'what' || '.baseUrl', e.each ->> 'url', (e.each -> 'private')::boolean),
      case when (e.each -> 'relay')::boolean
        then sluice.relay_entry_fault(e.each ->> 'what' || '.', e.each ->> 'url', e.each -> 'options',
          ${dialects}::text[]) end) as fault
    from jsonb_array_elements(${wire}::text::jsonb) with ordinality e (each, at) order by e.at`;
  return asked.flatMap(({ place }, at) => {
    const sentence = found[at]?.fault?.replace('.base_url ', '.baseUrl ');
    if (sentence === undefined) return [];
    return [{ place: [...place, sentence.includes('.options') ? 'options' : 'baseUrl'], sentence }];
  });
}
