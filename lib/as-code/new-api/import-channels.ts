import { stringify } from 'yaml';
import type { StoredState } from '../read-state';
import { type Channel, channelOf } from './channel';
import { channelType, isOneApi } from './channel-types';
import { providerNames } from './names';
import { type Imported, providersOf } from './provider-of';
import { rowsOfDump } from './read-dump';
import { type SplitImported, splitsOf } from './splits-of';

/** What was in a dump and has no equal here, or is not as it was. */
interface Note {
  /** `channel 12 "Kling, Tokyo"`, or `split kling`. */
  readonly of: string;
  readonly what: string;
  readonly isLeftOut: boolean;
}

export interface ChannelsImported {
  readonly from: 'new-api' | 'one-api';
  readonly channels: number;
  /** sluice.yaml of it. */
  readonly yaml: string;
  readonly providers: readonly {
    readonly name: string;
    readonly channel: number;
    /** Never shown; null: the dump has none that can be used. */
    readonly key: string | null;
  }[];
  readonly splits: readonly string[];
  readonly notes: readonly Note[];
}

export interface ImportChoice {
  readonly isPrivate: boolean;
  readonly isImage: (model: string) => boolean;
  /** null: the group that most channels are in. */
  readonly group: string | null;
  readonly hasSplits: boolean;
}

/** The channels of a dump as providers, models and splits; throws a DumpFault where it cannot be read. */
export function importChannels(bytes: Uint8Array, state: StoredState, choice: ImportChoice): ChannelsImported {
  const rows = rowsOfDump(bytes);
  const isOfOneApi = isOneApi(new Set(rows.flatMap((row) => [...row.keys()])));
  const notes: Note[] = [];
  const imported: Imported[] = [];
  const seen = new Set<number>();
  for (const [at, row] of rows.entries()) {
    const channel = channelOf(row, at);
    if (typeof channel === 'string') notes.push({ of: 'the dump', what: channel, isLeftOut: true });
    else if (seen.has(channel.id)) notes.push(note(channel, 'stands in the dump twice; its first row is taken', true));
    else {
      seen.add(channel.id);
      const made = providersOf(channel, channelType(channel.type, isOfOneApi), choice);
      if (typeof made === 'string') notes.push(note(channel, made, true));
      else {
        imported.push(...made);
        notes.push(...made.flatMap((one) => one.notes.map((what) => note(channel, what, false))));
      }
    }
  }
  const names = providerNames(imported, state);
  const inSplits = choice.hasSplits ? sharing(imported, choice.group, notes) : [];
  const splits = splitsOf(inSplits, names, slugsOf(state, new Set(names.values())));
  const led = new Set(splits.flatMap(({ entry }) => Object.keys(entry.arms)));
  for (const one of inSplits)
    if (!led.has(names.get(one) ?? '')) notes.push(note(one.channel, aloneText(one, names), false));
  notes.push(
    ...splits.flatMap(({ slug, notes: own }) => own.map((what) => ({ of: `split ${slug}`, what, isLeftOut: false }))),
  );
  return {
    ...{
      from: isOfOneApi ? 'one-api' : 'new-api',
      channels: rows.length,
      notes,
      splits: splits.map(({ slug }) => slug),
    },
    yaml: yamlOf(imported, names, splits),
    providers: imported.map((one) => ({ name: names.get(one) ?? '', channel: one.channel.id, key: one.key })),
  };
}

const nameOf = ({ id, name }: Channel): string => `channel ${id}${name === '' ? '' : ` "${name}"`}`;
const note = (channel: Channel, what: string, isLeftOut: boolean): Note => ({ of: nameOf(channel), what, isLeftOut });

/** A split moves traffic from one to another. */
function aloneText(one: Imported, names: ReadonlyMap<Imported, string>): string {
  const what = one.dialect === null ? 'any of its models' : `the dialect ${one.dialect}`;
  return `is alone with ${what}: no split leads to ${names.get(one) ?? ''} until another provider is its second arm, see sluice splits --help`;
}

/** Those that shared traffic: on, and of one group, since a request is of one. */
function sharing(imported: readonly Imported[], wanted: string | null, notes: Note[]): readonly Imported[] {
  const on = imported.filter(({ channel }) => channel.isOn);
  const counts = new Map<string, number>();
  for (const { channel } of on) for (const each of channel.groups) counts.set(each, (counts.get(each) ?? 0) + 1);
  const [most = 'default'] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
  const group = wanted ?? most;
  for (const { channel } of imported) {
    if (!channel.isOn)
      notes.push(note(channel, 'is switched off there: its provider is off, and no arm sends to it', false));
    else if (!channel.groups.includes(group)) {
      const what = `is of the group ${channel.groups.join(', ').slice(0, 80)} and not of ${group}: no arm sends to it`;
      notes.push(
        note(channel, `${what}; there are no groups here, callers have prefixes and models of their own`, false),
      );
    }
  }
  return on.filter(({ channel }) => channel.groups.includes(group));
}

/** Slugs that are other splits' here; one whose arms are all of these is this import's own. */
function slugsOf({ rows, slugs }: StoredState, ours: ReadonlySet<string>): ReadonlySet<string> {
  const strangers = rows.flatMap((row) =>
    row.of === 'arm' && !ours.has(row.values.provider) ? [row.id[0] ?? ''] : [],
  );
  const armed = new Set(rows.flatMap((row) => (row.of === 'arm' ? [row.id[0] ?? ''] : [])));
  const isOthers = (key: string) => !armed.has(key) || strangers.includes(key);
  return new Set([...slugs].flatMap(([key, slug]) => (isOthers(key) ? [slug] : [])));
}

function yamlOf(
  imported: readonly Imported[],
  names: ReadonlyMap<Imported, string>,
  splits: readonly SplitImported[],
): string {
  const providers = imported.map((one): [string, unknown] => {
    const state = one.channel.isOn ? {} : { state: 'off' };
    return [names.get(one) ?? '', { ...one.entry, ...state }];
  });
  const models = new Map<string, Record<string, unknown>>();
  for (const one of imported)
    for (const [alias, model] of Object.entries(one.models))
      models.set(alias, { ...models.get(alias), [names.get(one) ?? '']: { model } });
  const config = {
    providers: Object.fromEntries(providers),
    models: Object.fromEntries(models),
    splits: Object.fromEntries(splits.map(({ slug, entry }) => [slug, entry])),
  };
  const options = { version: '1.2', schema: 'core', compat: 'yaml-1.1', aliasDuplicateObjects: false } as const;
  return stringify(config, { ...options, lineWidth: 0 });
}
