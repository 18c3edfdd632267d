import { createHash } from 'node:crypto';
import type { ChannelKind } from '@/lib/api/alerts';
import type { Scope } from '@/lib/api/scopes';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { isOpen, queryWithin } from '@/lib/postgres/transaction';
import { type Quota, saidQuota } from '@/lib/registry/quota';
import { readRegistry } from '@/lib/registry/read-registry';
import type { Registry } from '@/lib/registry/registry';
import { formatPolicy, type PolicyWire } from '@/lib/split/policy/format-policy';
import { readPolicy } from '@/lib/split/policy/read-policy';
import { policyKeyOf } from '@/lib/split/split-key';
import type { Row, RowOf } from './rows';

const withinMs = 5000;

/** An alert channel as it is stored; addresses and secrets are compared and never told. */
export interface StoredChannel {
  readonly id: number;
  readonly kind: ChannelKind;
  readonly url: string;
  readonly secret: string | null;
  /** What the file calls the address: `${NAME}`. */
  readonly urlReference: string;
  readonly secretReference: string | null;
  readonly name: string | null;
  readonly alerts: readonly string[] | null;
  /** false: the name is made up of the id, because no file named it yet. */
  readonly isNamed: boolean;
}

/** What the database holds of what a file may say. */
export interface StoredState {
  /** The database's now. */
  readonly nowMs: number;
  /** Changes with every write of any of it. */
  readonly seen: string;
  readonly rows: readonly Row[];
  /** By key, the archived included. */
  readonly slugs: ReadonlyMap<string, string>;
  readonly archived: ReadonlySet<string>;
  /** Keys of splits that have a row of weights. */
  readonly withWeights: ReadonlySet<string>;
  readonly policyVersions: ReadonlyMap<string, number>;
  /** Why a stored policy cannot be read, by the key of its split. */
  readonly policyFaults: ReadonlyMap<string, string>;
  readonly channels: readonly StoredChannel[];
  /** First parts of paths that are ours. */
  readonly reserved: readonly string[];
}

interface FlagRow {
  readonly key: string;
  readonly version: number;
  readonly text: string | null;
}
interface CallerRow {
  readonly name: string;
  readonly scopes: Scope[];
  readonly prefixes: string[];
  readonly models: string[];
  readonly rate: number | null;
  readonly quota: Quota;
}
interface ChannelRow {
  readonly id: number;
  readonly kind: ChannelKind;
  readonly url: string;
  readonly secret: string | null;
  readonly url_from: string | null;
  readonly secret_from: string | null;
  readonly name: string | null;
  readonly alerts: readonly string[] | null;
}

/** All of it as of one moment. */
export function readState(db: Sql | Tx): Promise<StoredState> {
  if (isOpen(db)) return stateFrom(db);
  const reading = db.begin('isolation level repeatable read read only', stateFrom);
  return queryWithin(withinMs, reading as Promise<StoredState>, 'reading the registry');
}

async function stateFrom(tx: Tx): Promise<StoredState> {
  const registry = await readRegistry(tx);
  const keys = registry.splits.map(({ key }) => key);
  const flags = await tx<FlagRow[]>`
    select f.flag_key as key, f.version::float8 as version, f.flag_value_text as text
    from public.feature_flags f where f.flag_key = any (array(
      select s.key from sluice.splits s union all select sluice.policy_key(s.key) from sluice.splits s))`;
  const callers = await tx<CallerRow[]>`
    select c.name, to_jsonb(c.scopes) as scopes, to_jsonb(c.prefixes) as prefixes, to_jsonb(c.models) as models,
      c.rate_per_minute as rate, c.quota
    from sluice.callers c order by c.name`;
  const channels = (
    await tx<ChannelRow[]>`
    select c.id::float8 as id, c.kind, c.url, c.secret, c.url_from, c.secret_from, c.name, to_jsonb(c.alerts) as alerts
    from sluice.alert_channels c order by c.id`
  ).map(storedChannel);
  const [ours] = await tx<{ paths: string[]; at: Date }[]>`
    select to_jsonb(sluice.reserved_paths()) as paths, clock_timestamp() as at`;
  const stored = new Map(flags.map((row) => [row.key, row]));
  const policies = keys.map((key) => ({ key, ...policyOf(stored.get(policyKeyOf(key))) }));
  return {
    seen: digestOf([registry.version, policies.map(({ key, version }) => [key, version]), channels]),
    rows: [
      ...registryRows(registry),
      ...policies.flatMap(({ key, policy }): Row[] => (policy ? [{ of: 'policy', id: [key], values: policy }] : [])),
      ...callers.map(callerRow),
      ...channels.map(channelRow),
    ],
    slugs: new Map(registry.splits.map(({ key, slug }) => [key, slug])),
    archived: new Set(registry.splits.filter(({ archived }) => archived).map(({ key }) => key)),
    withWeights: new Set(keys.filter((key) => stored.has(key))),
    policyVersions: new Map(
      policies.flatMap(({ key, version }) => (version === null ? [] : [[key, version] as const])),
    ),
    policyFaults: new Map(policies.flatMap(({ key, fault }) => (fault === null ? [] : [[key, fault] as const]))),
    channels,
    reserved: ours?.paths ?? [],
    nowMs: ours?.at.getTime() ?? 0,
  };
}

function policyOf(row: FlagRow | undefined): {
  version: number | null;
  policy: PolicyWire | null;
  fault: string | null;
} {
  if (row === undefined) return { version: null, policy: null, fault: null };
  const reading = readPolicy(row.text ?? 'null');
  if (reading.ok) return { version: row.version, policy: formatPolicy(reading.policy), fault: null };
  return { version: row.version, policy: null, fault: reading.faults.join('; ') };
}

function registryRows({ dialects, providers, models, splits }: Registry): Row[] {
  return [
    ...dialects.map(({ name, rules }): Row => ({ of: 'dialect', id: [name], values: { rules } })),
    ...providers.map(({ name, ...values }): Row => ({ of: 'provider', id: [name], values })),
    // What came with Sluice is in no file until it is changed.
    ...models
      .filter(({ shipped }) => !shipped)
      .map(
        ({ alias, provider, price, shipped: _, ...rest }): Row => ({
          ...{ of: 'model', id: [alias, provider], values: { ...rest, price: price ?? {} } },
        }),
      ),
    ...splits.map(
      ({ key, arms: _, imageHours: __, match, quota, ...rest }): Row => ({
        ...{ of: 'split', id: [key], values: { ...rest, ...limited(quota), match: sortedMatch(match) } },
      }),
    ),
    ...splits.flatMap(({ key, arms }) =>
      arms.map(({ name, ...values }): Row => ({ of: 'arm', id: [key, name], values })),
    ),
  ];
}

function sortedMatch({ prefixes = [], models = [] }: Registry['splits'][number]['match']) {
  return {
    ...(prefixes.length > 0 && { prefixes: [...prefixes].sort() }),
    ...(models.length > 0 && { models: [...models].sort() }),
  };
}

const callerRow = ({ name, scopes, prefixes, models, rate, quota }: CallerRow): Row => ({
  of: 'caller',
  id: [name],
  values: {
    ...{ scopes: [...scopes].sort(), prefixes: [...prefixes].sort(), models: [...models].sort() },
    ...{ ratePerMinute: rate, ...limited(quota) },
  },
});

/** As a file has it that says nothing of a quota. */
function limited(quota: Quota | undefined): { readonly quota?: Quota } {
  const said = saidQuota(quota);
  return said ? { quota: said } : {};
}

function storedChannel(row: ChannelRow): StoredChannel {
  const { id, kind, url, secret, name, alerts } = row;
  const reference = (given: string | null, what: string) => `\${${given ?? `ALERT_CHANNEL_${id}_${what}`}}`;
  return {
    ...{ id, kind, url, secret, name, alerts, isNamed: row.url_from !== null },
    urlReference: reference(row.url_from, 'URL'),
    secretReference: secret === null ? null : reference(row.secret_from, 'SECRET'),
  };
}

export const channelRow = ({ kind, urlReference, secretReference, name, alerts }: StoredChannel): RowOf<'channel'> => ({
  ...{ of: 'channel', id: [urlReference] },
  values: { kind, url: urlReference, secret: secretReference, name, alerts },
});

const digestOf = (seen: unknown): string =>
  createHash('sha256').update(JSON.stringify(seen)).digest('hex').slice(0, 16);
