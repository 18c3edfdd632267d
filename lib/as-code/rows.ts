import type { ChannelKind } from '@/lib/api/alerts';
import type { Scope } from '@/lib/api/scopes';
import type { Quota } from '@/lib/registry/quota';
import type { ArmEntry, DialectEntry, ModelEntry, ProviderEntry, SplitEntry } from '@/lib/registry/registry';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import type { Weights } from '@/lib/split/weights';

interface CallerValues {
  readonly scopes: readonly Scope[];
  readonly prefixes: readonly string[];
  readonly models: readonly string[];
  readonly ratePerMinute: number | null;
  /** Left out: nothing is limited. */
  readonly quota?: Quota | undefined;
}

/** `url` and `secret` name variables of the environment. */
interface ChannelValues {
  readonly kind: ChannelKind;
  readonly url: string;
  readonly secret: string | null;
  /** Left out of a file: as it is stored. */
  readonly name?: string | null | undefined;
  /** null: of everything. */
  readonly alerts?: readonly string[] | null | undefined;
}

export type SplitValues = Omit<SplitEntry, 'key' | 'arms'>;

interface Kinds {
  readonly dialect: Omit<DialectEntry, 'name'>;
  readonly provider: Omit<ProviderEntry, 'name'>;
  readonly model: Omit<ModelEntry, 'alias' | 'provider' | 'shipped'>;
  readonly split: SplitValues;
  readonly arm: Omit<ArmEntry, 'name'>;
  readonly policy: PolicyWire;
  /** The first ones of a split; never others. */
  readonly weights: Weights;
  readonly caller: CallerValues;
  readonly channel: ChannelValues;
}

type Noun = keyof Kinds;

/** One row as file and database both have it: its identity, and the rest. */
export type RowOf<N extends Noun> = { readonly of: N; readonly id: readonly string[]; readonly values: Kinds[N] };
export type Row = { [N in Noun]: RowOf<N> }[Noun];

/** In this order they are written, for each may need those before it. */
export const nouns = [
  'dialect',
  'provider',
  'model',
  'split',
  'arm',
  'policy',
  'weights',
  'caller',
  'channel',
] as const;

export const identityOf = ({ of, id }: Pick<Row, 'of' | 'id'>): string => [of, ...id].join(' ');

/** What people call a row; `slugs` by key. */
export function nameOf({ of, id }: Pick<Row, 'of' | 'id'>, slugs: ReadonlyMap<string, string>): string {
  const [first = '', second = ''] = id;
  const slug = slugs.get(first) ?? first;
  if (of === 'split') return `split ${slug}`;
  if (of === 'policy' || of === 'weights') return `${of} of ${slug}`;
  if (of === 'arm') return `arm ${second} of ${slug}`;
  if (of === 'model') return `model ${first} at ${second}`;
  return `${of} ${first}`;
}
