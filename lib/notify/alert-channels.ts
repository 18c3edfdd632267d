import { type ChannelKind, channelKinds, tellable } from '@/lib/api/alerts';
import { excerpt } from '@/lib/kernel/excerpt';
import { isoOrNull } from '@/lib/kernel/instant';
import { hiddenTextFault } from '@/lib/kernel/plain-text';
import { Refusal, says } from '@/lib/kernel/refusal';
import { type ChannelChange, type ChannelStore, noNews } from './channel-store';
import type { AlertChannel, AlertMessage, DeliveryOutcome, Notifier } from './outbox';

export interface Channels {
  readonly channels: ChannelStore;
  readonly notifier: Notifier;
}

/** As it was asked for, not yet checked. */
export interface WantedChange {
  readonly name: string | null;
  readonly alerts: readonly string[] | null;
}

interface NewChannel extends WantedChange {
  readonly kind: string;
  readonly url: string;
  readonly secret: string | null;
}

/** Adds a channel after its address has been checked; the delivery checks again, at the socket. */
export async function addAlertChannel(
  { channels, notifier }: Channels,
  wanted: NewChannel,
  by: string,
): Promise<number> {
  const { kind, url, secret } = wanted;
  if (!isChannelKind(kind)) {
    throw new Refusal('channel-invalid', `"${excerpt(kind)}" is not a kind of channel: ${channelKinds.join(', ')}.`);
  }
  const change = await judged(channels, wanted, null, 'added');
  const fault = secretFault(kind, secret) ?? (await notifier.addressFault(url));
  if (fault !== null) throw new Refusal('channel-invalid', `The channel was not added: ${fault}.`);
  return channels.add({ kind, url, secret, ...change, createdBy: by });
}

/** The address cannot be changed: another address is another channel. */
export async function changeAlertChannel(
  { channels }: Pick<Channels, 'channels'>,
  id: number,
  wanted: WantedChange,
  by: string,
): Promise<void> {
  const change = await judged(channels, wanted, id, 'changed');
  if (!(await channels.change(id, change, by))) throw noSuchChannel(id);
}

async function judged(
  channels: ChannelStore,
  wanted: WantedChange,
  id: number | null,
  done: string,
): Promise<ChannelChange> {
  const name = wanted.name?.trim() || null;
  const others = (await channels.list()).filter((each) => each.id !== id);
  const fault = nameFault(name, others) ?? alertsFault(wanted.alerts);
  if (fault !== null) throw new Refusal('channel-invalid', `The channel was not ${done}: ${fault}.`);
  return { name, alerts: wanted.alerts && tellable.filter((kind) => wanted.alerts?.includes(kind)) };
}

function nameFault(name: string | null, others: readonly AlertChannel[]): string | null {
  if (name === null) return null;
  if (name.length > 64) return `the name has ${name.length} characters; at most 64 are kept`;
  const same = others.find((each) => each.name?.toLowerCase() === name.toLowerCase());
  if (same) return `channel ${same.id} is called "${name}" already; choose another name`;
  return hiddenTextFault('the name', name);
}

function alertsFault(alerts: readonly string[] | null): string | null {
  if (alerts === null) return null;
  if (alerts.length === 0) return 'it would be told nothing; name an alert, or leave them out for all';
  const unknown = alerts.find((kind) => !tellable.some((known) => known === kind));
  return unknown === undefined ? null : `"${excerpt(unknown)}" is no kind of alert; known are ${tellable.join(', ')}`;
}

export async function removeAlertChannel({ channels }: Channels, id: number, by: string): Promise<void> {
  if (!(await channels.remove(id, by))) throw noSuchChannel(id);
}

/** Sends a test message now and says what became of it; nothing is queued. */
export async function testAlertChannel(
  { channels, notifier }: Channels,
  id: number,
  letter: Pick<AlertMessage, 'id' | 'atMs' | 'split'> & { readonly by: string },
): Promise<DeliveryOutcome> {
  const channel = await channels.get(id);
  if (channel === null) throw noSuchChannel(id);
  return notifier.deliver(channel, {
    id: letter.id,
    kind: 'test',
    atMs: letter.atMs,
    detail: `${letter.by} asked for this test message. Nothing is wrong.`,
    split: letter.split,
    alertId: null,
    journalId: null,
    params: {},
  });
}

/** A channel as operators may see it: tokens in addresses and secrets stay here. */
function shownChannel({ id, name, alerts, kind, url, secret, enabled, ...made }: AlertChannel) {
  return {
    ...{ id, name, alerts, kind },
    host: url.replace(/^[a-z]+:\/\/([^/?#]+).*$/i, '$1'),
    signed: secret !== null,
    enabled,
    created_at: new Date(made.createdAtMs).toISOString(),
    created_by: made.createdBy,
  };
}

const mostDeliveries = 50;

/** The newest messages: which channel took each and when, or why it did not. */
export async function shownDeliveries({ channels }: Pick<Channels, 'channels'>) {
  return (await channels.deliveries(mostDeliveries)).map(
    ({ created_at, delivered_at, dead_at, last_error, ...row }) => ({
      ...row,
      detail: row.detail.slice(0, 300),
      at: created_at.toISOString(),
      delivered_at: delivered_at?.toISOString() ?? null,
      given_up_at: dead_at?.toISOString() ?? null,
      error: last_error,
    }),
  );
}

/** The same with what became of its messages lately. */
export async function shownChannels({ channels }: Pick<Channels, 'channels'>) {
  const [list, news] = await Promise.all([channels.list(), channels.news()]);
  return list.map((channel) => {
    const { deliveredAtMs, waiting, error } = news.get(channel.id) ?? noNews;
    const delivered_at = isoOrNull(deliveredAtMs);
    return { ...shownChannel(channel), delivered_at, waiting, last_error: error };
  });
}

function isChannelKind(kind: string): kind is ChannelKind {
  return (channelKinds as readonly string[]).includes(kind);
}

function secretFault(kind: ChannelKind, secret: string | null): string | null {
  if (secret === null) return null;
  if (kind === 'slack' || kind === 'wecom') return `${kind} takes no secret; its URL is the secret`;
  if (secret.length < 8 || secret.length > 200) return `the secret has ${secret.length} characters; it needs 8 to 200`;
  return null;
}

function noSuchChannel(id: number): Refusal {
  return new Refusal('no-such-channel', `There is no alert channel ${id}.`, says('no-such-channel', { id }));
}
