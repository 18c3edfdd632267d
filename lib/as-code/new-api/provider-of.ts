import { isIP } from 'node:net';
import { bareHost } from '@/lib/kernel/private-address';
import { secretAt } from '../file/looks-secret';
import type { Channel } from './channel';
import { type ChannelType, isImageModel, type Relayed, vendorsByModels } from './channel-types';

/** What a channel becomes. */
export interface Imported {
  readonly channel: Channel;
  readonly entry: {
    readonly adapter: 'openai' | 'relay';
    readonly label: string;
    readonly baseUrl: string;
    readonly options: Readonly<Record<string, unknown>>;
  };
  /** null: its models are asked for one by one. */
  readonly dialect: string | null;
  /** What requests name → what it is asked for. */
  readonly models: Readonly<Record<string, string>>;
  /** As it is stored here; null: the dump has none that can be used. */
  readonly key: string | null;
  readonly notes: readonly string[];
}

interface Choice {
  /** Addresses of one's own network are meant. */
  readonly isPrivate: boolean;
  /** Models that are taken for images whatever they are called. */
  readonly isImage: (model: string) => boolean;
}

/** One, or one for each vendor whose API it passes on. A text: why nothing here is like it. */
export function providersOf(channel: Channel, type: ChannelType, choice: Choice): readonly Imported[] | string {
  const guessed = vendorsByModels(channel.models, type);
  const speaks = guessed[0] ?? type.speaks;
  if (speaks === null) return `nothing here speaks ${type.name}`;
  const address = addressOf(channel.baseUrl || (type.url ?? ''), choice);
  if (typeof address === 'string') return address;
  const notes = [...address.notes, ...channel.extras.map((extra) => `has ${extra}`)];
  if ('models' in speaks) {
    const made = imagesAt(channel, address, choice, notes);
    return typeof made === 'string' ? made : [made];
  }
  if (guessed.length === 0) return [relayAt(channel, speaks, address, notes, isDefault(channel, type))];
  return guessed.map((vendor, at) => {
    const taken = `is taken for a relay of ${vendor.dialect} at ${vendor.path}, by the names of its models: see that it is`;
    const made = relayAt(channel, vendor, address, [...(at === 0 ? notes : []), taken], null);
    const label = guessed.length === 1 ? made.entry.label : `${made.entry.label} ${vendor.dialect}`.slice(0, 64);
    return { ...made, entry: { ...made.entry, label } };
  });
}

const isDefault = ({ baseUrl }: Channel, { url }: ChannelType) => baseUrl === '' || baseUrl === url;

function imagesAt(
  channel: Channel,
  address: Address,
  { isImage }: Choice,
  notes: readonly string[],
): Imported | string {
  const images = channel.models.filter((model) => isImageModel(model) || isImage(model));
  const named = images.filter((model) => aliasShape.test(model));
  const others = channel.models.length - images.length;
  if (named.length === 0)
    return 'none of its models is known to make images; name them with --model, or relay it whole';
  return {
    ...{ channel, dialect: null, key: channel.keys[0] ?? null },
    entry: { adapter: 'openai', label: labelOf(channel), baseUrl: address.origin, options: optionsAt(address, '') },
    models: Object.fromEntries(named.map((model) => [model, mapped(channel, model)])),
    notes: [
      ...notes,
      ...(others > 0
        ? [
            `has ${others === 1 ? 'a model that makes' : `${others} models that make`} no images, as far as names tell; left out`,
          ]
        : []),
      ...(named.length < images.length ? ['has models whose names cannot be aliases here'] : []),
      ...severalKeys(channel),
    ],
  };
}

const aliasShape = /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}$/;

const mapped = ({ mapping }: Channel, model: string): string =>
  Object.hasOwn(mapping, model) ? (mapping[model] ?? model).slice(0, 256) : model;

const signed: Readonly<Record<string, string>> = { kling: 'kling-jwt', jimeng: 'volc-signature' };

/** Vendors that sign want two halves; a key that begins with sk- is that of another such gateway, under a path. */
function relayAt(
  channel: Channel,
  { dialect, path }: Relayed,
  address: Address,
  notes: readonly string[],
  /** By its address; null: it is a gateway for sure. */
  isVendor: boolean | null,
): Imported {
  const [first] = channel.keys;
  const isGateway = isVendor === null || (first === undefined ? !isVendor : first.startsWith('sk-'));
  const scheme = isGateway ? undefined : signed[dialect];
  const under = scheme === undefined && Object.hasOwn(signed, dialect) ? `/${dialect}` : path;
  const halves = first?.split('|').map((half) => half.trim()) ?? [];
  const isBroken = scheme !== undefined && first !== undefined && (halves.length !== 2 || halves.includes(''));
  const isTwice = under !== '' && address.path.endsWith(under);
  const options = optionsAt(isTwice ? { ...address, path: address.path.slice(0, -under.length) } : address, under);
  return {
    ...{ channel, dialect, models: {} },
    entry: {
      ...{ adapter: 'relay', label: labelOf(channel), baseUrl: address.origin },
      options: { dialect, ...options, ...(scheme === undefined ? {} : { auth: { scheme } }) },
    },
    key: first === undefined || isBroken ? null : scheme === undefined ? first : halves.join(':'),
    notes: [
      ...notes,
      ...(isTwice ? [`had ${under} at the end of its address, where it would stand twice: taken away`] : []),
      ...(Object.keys(channel.mapping).length > 0 ? ['maps models: a relay sends their names as they come'] : []),
      ...(isBroken ? ['has a key that is not ACCESS|SECRET'] : []),
      ...severalKeys(channel),
    ],
  };
}

const severalKeys = ({ keys }: Channel): string[] =>
  keys.length > 1 ? [`has ${keys.length} keys; a provider has one, and the first is taken`] : [];

function labelOf({ name, id }: Channel): string {
  return name === '' || secretAt(name) >= 0 ? `Channel ${id}` : name;
}

interface Address {
  readonly origin: string;
  /** '' where there is none. */
  readonly path: string;
  readonly isPrivate: boolean;
  readonly notes: readonly string[];
}

function optionsAt({ path, isPrivate }: Address, under: string): Record<string, unknown> {
  const prefix = path + under;
  return { ...(prefix === '' ? {} : { path_prefix: prefix }), ...(isPrivate ? { private: true } : {}) };
}

function addressOf(said: string, { isPrivate: mayBePrivate }: Choice): Address | string {
  if (said === '') return 'it names no address, and its type has none';
  const url = URL.canParse(said) ? new URL(said) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return 'its address is no web address';
  if (url.username !== '' || url.password !== '') return 'its address holds a user name or a password';
  if (url.search !== '' || url.hash !== '') return 'its address holds a query; only an origin and a path can be kept';
  const isPrivate = url.protocol === 'http:' || isOwn(url.hostname);
  if (isPrivate && !mayBePrivate)
    return 'its address is plain http or one of your own network; take such ones in with --private';
  const whole = url.pathname.replace(/\/+$/, '');
  // Both put /v1 before every path: it would stand twice.
  const path = whole.replace(/\/v1$/, '');
  if (path !== '' && !/^(?:\/[\w.-]+)+$/.test(path)) return 'its address has a path that cannot stand before others';
  if (path.length > 100 || url.origin.length > 200) return 'its address is longer than one may be';
  const notes = [
    ...(said.endsWith('/') ? ['had a slash at the end of its address: taken away'] : []),
    ...(whole === path ? [] : ['had /v1 at the end of its address, where it would stand twice: taken away']),
  ];
  return { origin: url.origin, path, isPrivate, notes };
}

function isOwn(hostname: string): boolean {
  const host = bareHost(hostname);
  if (isIP(host) === 6) return true;
  if (isIP(host) === 4)
    return /^(?:0|10|127|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(
      host,
    );
  return /^localhost$|\.(?:local|internal|localhost|lan)$/i.test(host) || !host.includes('.');
}
