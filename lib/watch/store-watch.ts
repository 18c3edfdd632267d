import type { Clock } from '@/lib/kernel/clock';
import { durationText } from '@/lib/kernel/duration';
import type { ChannelStore } from '@/lib/notify/channel-store';
import type { AlertChannel, AlertMessage, Notifier } from '@/lib/notify/outbox';

const tellAfterMs = 30_000;
const refreshMs = 60_000;

interface StoreWatchParts {
  readonly channels: ChannelStore;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly split: string;
  readonly newId: () => string;
}

const wants = ({ enabled, alerts }: AlertChannel) => enabled && (alerts === null || alerts.includes('store_away'));

/**
 * The one alert that cannot go through the outbox: its database is what is away. The channels are remembered from
 * better times and told directly, each once. Several processes may each say so; none can ask the others.
 */
export class StoreWatch {
  private known: readonly AlertChannel[] = [];
  private readAtMs = Number.NEGATIVE_INFINITY;
  private away: { readonly sinceMs: number; readonly id: string; readonly told: Set<number> } | null = null;

  constructor(private readonly parts: StoreWatchParts) {}

  /** After a try that the store answered. */
  async answered(): Promise<void> {
    const { channels, clock } = this.parts;
    const away = this.away;
    this.away = null;
    if (away !== null && away.told.size > 0) {
      const spent = durationText(Math.round((clock.monotonic() - away.sinceMs) / 1000));
      const told = this.known.filter(({ id }) => away.told.has(id));
      await this.send(told, `${away.id}_over`, `The database answers again after ${spent}.`);
    }
    if (clock.monotonic() - this.readAtMs < refreshMs) return;
    this.known = (await channels.list()).filter(wants);
    this.readAtMs = clock.monotonic();
  }

  /** After a try that it did not. */
  async failed(error: string): Promise<void> {
    const nowMs = this.parts.clock.monotonic();
    this.away ??= { sinceMs: nowMs, id: `msg_store_${this.parts.newId()}`, told: new Set() };
    const away = this.away;
    if (nowMs - away.sinceMs < tellAfterMs) return;
    const untold = this.known.filter(({ id }) => !away.told.has(id));
    const detail = `The database has not answered for ${durationText(Math.round((nowMs - away.sinceMs) / 1000))} (${error}). Routing goes on by the last weights; nothing would be rolled back.`;
    for (const id of await this.send(untold, away.id, detail)) away.told.add(id);
  }

  /** Returns the channels that took it. */
  private async send(to: readonly AlertChannel[], id: string, detail: string): Promise<readonly number[]> {
    const { notifier, clock, split } = this.parts;
    const facts = { split, alertId: null, journalId: null, params: {} };
    const message: AlertMessage = { id, kind: 'store_away', atMs: clock.now(), detail, ...facts };
    const outcomes = await Promise.all(to.map((channel) => notifier.deliver(channel, message)));
    return to.filter((_, at) => outcomes[at]?.ok).map((channel) => channel.id);
  }
}
