import type { Notifier, OutboxItem } from './outbox';
import type { OutboxStore } from './outbox-store';

export const maxAttempts = 12;
const firstWaitSeconds = 5;
const longestWaitSeconds = 3600;
/** Longer than any delivery's deadline: a deliverer that dies loses its lease, and another sends the same id again. */
const leaseSeconds = 60;

export interface Delivery {
  readonly outbox: OutboxStore;
  readonly notifier: Notifier;
  /** A number in [0, 1). */
  readonly chance: () => number;
}

/** Sends what is due; any number of deliverers may run. Returns what became of each notification. */
export async function deliverOutbox(
  delivery: Delivery,
  limit = 20,
): Promise<{ readonly delivered: number; readonly retried: number; readonly dead: number }> {
  const items = await delivery.outbox.claim(limit, leaseSeconds);
  const fates = await Promise.all(items.map((item) => deliverOne(delivery, item)));
  const count = (fate: Fate) => fates.filter((one) => one === fate).length;
  return { delivered: count('delivered'), retried: count('retried'), dead: count('dead') };
}

type Fate = 'delivered' | 'retried' | 'dead';

async function deliverOne({ outbox, notifier, chance }: Delivery, item: OutboxItem): Promise<Fate> {
  const outcome = await notifier.deliver(item.channel, item.message);
  if (outcome.ok) {
    await outbox.delivered(item.id);
    return 'delivered';
  }
  if (item.attempts >= maxAttempts) {
    await outbox.giveUp(item.id, outcome.error);
    return 'dead';
  }
  await outbox.retryIn(item.id, waitSeconds(item.attempts, chance()), outcome.error);
  return 'retried';
}

/** Doubles from 5 s to an hour; the upper half is chance, so that receivers coming back are not met by a crowd. */
export function waitSeconds(attempts: number, chance: number): number {
  const full = Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** (attempts - 1));
  return full / 2 + (full / 2) * chance;
}
