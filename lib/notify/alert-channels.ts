import { type ChannelKind, channelKinds } from '@/lib/api/snapshot';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import { type ChannelStore, noNews } from './channel-store';
import type { AlertChannel, AlertMessage, DeliveryOutcome, Notifier } from './outbox';

export interface Channels {
  readonly channels: ChannelStore;
  readonly notifier: Notifier;
}

interface NewChannel {
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
  const fault = secretFault(kind, secret) ?? (await notifier.addressFault(url));
  if (fault !== null) throw new Refusal('channel-invalid', `The channel was not added: ${fault}.`);
  return channels.add({ kind, url, secret, createdBy: by });
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
export function shownChannel({ id, kind, url, secret, enabled, createdAtMs, createdBy }: AlertChannel) {
  return {
    id,
    kind,
    host: url.replace(/^[a-z]+:\/\/([^/?#]+).*$/i, '$1'),
    signed: secret !== null,
    enabled,
    created_at: new Date(createdAtMs).toISOString(),
    created_by: createdBy,
  };
}

/** The same with what became of its messages lately. */
export async function shownChannels({ channels }: Pick<Channels, 'channels'>) {
  const [list, news] = await Promise.all([channels.list(), channels.news()]);
  return list.map((channel) => {
    const { deliveredAtMs, waiting, error } = news.get(channel.id) ?? noNews;
    const delivered_at = deliveredAtMs === null ? null : new Date(deliveredAtMs).toISOString();
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
  return new Refusal('no-such-channel', `There is no alert channel ${id}.`);
}
