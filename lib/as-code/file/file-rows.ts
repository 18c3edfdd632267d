import { tellable } from '@/lib/api/alerts';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import { isJobMetric, type Judged, judgedAs, metrics } from '@/lib/split/policy/metrics';
import { readPolicyValue } from '@/lib/split/policy/read-policy';
import type { Row } from '../rows';
import type { Place } from './parse-yaml';
import { placeText, type ReadFile } from './read-file';
import type { ConfigFile } from './shape';

export interface FileRow {
  readonly row: Row;
  readonly place: Place;
  /** Its provider's state is said in the file; else it stays as it is. */
  readonly hasState?: boolean;
}

export interface PlacedFault {
  readonly place: Place;
  readonly sentence: string;
}

/** The file row by row, and what its sections say against each other. */
export function rowsOfFile({ config }: ReadFile): { rows: readonly FileRow[]; faults: readonly PlacedFault[] } {
  const faults = keyFaults(config);
  const rows = [
    ...Object.entries(config.dialects).map(
      ([name, rules]): FileRow => ({
        row: { of: 'dialect', id: [name], values: { rules } },
        place: ['dialects', name],
      }),
    ),
    ...Object.entries(config.providers).map(([name, { label, state, ...rest }]): FileRow => {
      const values = { ...rest, label: label ?? name, state: state ?? ('active' as const) };
      return { row: { of: 'provider', id: [name], values }, place: ['providers', name], hasState: state !== undefined };
    }),
    ...Object.entries(config.models).flatMap(([alias, at]) =>
      Object.entries(at).map(([provider, { model, ...rest }]): FileRow => {
        const values = { providerModel: model, ...rest };
        return { row: { of: 'model', id: [alias, provider], values }, place: ['models', alias, provider] };
      }),
    ),
    ...Object.entries(config.splits).flatMap(([slug, split]) => splitRows(slug, split, config, faults)),
    ...Object.entries(config.callers).map(([name, caller]): FileRow => {
      const { quota, ...rest } = caller;
      const lists = {
        ...{ scopes: [...caller.scopes].sort(), prefixes: [...caller.prefixes].sort() },
        models: [...caller.models].sort(),
      };
      const values = { ...rest, ...lists, ...(quota && { quota }) };
      return { row: { of: 'caller', id: [name], values }, place: ['callers', name] };
    }),
    ...config.channels.map(
      (values, at): FileRow => ({
        row: { of: 'channel', id: [values.url], values: { ...values, alerts: inOrder(values.alerts) } },
        place: ['channels', at],
      }),
    ),
  ];
  return { rows, faults };
}

function splitRows(
  slug: string,
  split: ConfigFile['splits'][string],
  config: ConfigFile,
  faults: PlacedFault[],
): FileRow[] {
  const { key, kind, label = slug, match, quota, default: isDefault, archived, arms, policy } = split;
  const place = ['splits', slug] as const;
  const values = { slug, kind, label, match: withoutEmpty(match), isDefault, archived, ...(quota && { quota }) };
  const rows: FileRow[] = [
    { row: { of: 'split', id: [key], values }, place },
    ...Object.entries(arms).map(
      ([name, arm]): FileRow => ({ row: { of: 'arm', id: [key, name], values: arm }, place: [...place, 'arms', name] }),
    ),
  ];
  if (policy === undefined) return rows;
  const reading = readPolicyValue(policy, undefined, 'shipped', judgedOf(split, config));
  if (!reading.ok) faults.push(...reading.faults.map((sentence) => policyFault(place, sentence)));
  else
    rows.push({ row: { of: 'policy', id: [key], values: formatPolicy(reading.policy) }, place: [...place, 'policy'] });
  return rows;
}

/** What a relay's arms speak may be said by the database alone: then its lines are read as what they are about. */
function judgedOf({ kind, arms, policy }: ConfigFile['splits'][string], { providers }: ConfigFile): Judged {
  const [dialect] = Object.values(arms).flatMap(({ provider }) => providers[provider]?.options.dialect ?? []);
  if (typeof dialect === 'string' || kind !== 'relay')
    return judgedAs(kind, typeof dialect === 'string' ? dialect : null);
  const lines: readonly unknown[] = Array.isArray(policy?.redLines) ? policy.redLines : [];
  const isOfJobs = lines.some((line) => metrics.some((name) => isJobMetric(name) && isLineOf(line, name)));
  return isOfJobs ? 'job' : 'image';
}

const isLineOf = (line: unknown, metric: string): boolean =>
  typeof line === 'object' && line !== null && 'metric' in line && line.metric === metric;

/** `policy.stages[0].weights` in a sentence about a policy is a place of the file. */
export function policyFault(split: Place, sentence: string): PlacedFault {
  const told = /^policy((?:\.[\w-]+|\[\d+\])*)/.exec(sentence)?.[1] ?? '';
  const parts = [...told.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
  return {
    place: [...split, 'policy', ...parts],
    sentence: sentence.replace(/^(?:the )?policy/, placeText([...split, 'policy'])),
  };
}

function withoutEmpty(match: { prefixes: string[]; models: string[] }) {
  return {
    ...(match.prefixes.length > 0 && { prefixes: [...match.prefixes].sort() }),
    ...(match.models.length > 0 && { models: [...match.models].sort() }),
  };
}

/** As they are stored: the most urgent first. */
function inOrder(alerts: readonly string[] | null | undefined): readonly string[] | null | undefined {
  return alerts && tellable.filter((kind) => alerts.includes(kind));
}

/** Two slugs of one key, two channels of one variable. */
function keyFaults({ splits, channels }: ConfigFile): PlacedFault[] {
  const keys = Object.entries(splits).map(([slug, { key }]) => ({ name: key, place: ['splits', slug, 'key'] }));
  const urls = channels.map(({ url }, at) => ({ name: url, place: ['channels', at, 'url'] }));
  const called = channels.flatMap(({ name }, at) =>
    typeof name === 'string' ? [{ name: name.toLowerCase(), place: ['channels', at, 'name'] }] : [],
  );
  return [keys, urls, called].flatMap((named) =>
    named.flatMap(({ name, place }, at) => {
      const first = named.findIndex((other) => other.name === name);
      if (first === at) return [];
      return [
        {
          place,
          sentence: `${placeText(place)} is "${name}", as ${placeText(named[first]?.place ?? [])} is; each stands once`,
        },
      ];
    }),
  );
}
