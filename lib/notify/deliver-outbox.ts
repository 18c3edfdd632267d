import type { DeliveryOutcome, OutboxItem } from './outbox';
import type { OutboxKind, OutboxStore } from './outbox-store';
import { atOncePerReceiver } from './post-webhook';

/** How long a message is tried again. */
export interface Patience {
  readonly attempts: number;
  readonly withinSeconds: number;
}

export const alertPatience: Patience = { attempts: 12, withinSeconds: 7 * 86_400 };
const firstWaitSeconds = 5;
const longestWaitSeconds = 3600;
/** Longer than any delivery's deadline: a deliverer that dies loses its lease, and another sends the same id again. */
const leaseSeconds = 60;
const mostPerRound = 20;
const mostAtOnce = 64;
/** The rest of the places is for alerts: the receivers of callers cannot keep operators from being told. */
const mostJobsAtOnce = 48;
/** For all failed receivers of jobs together: one caller's dead receivers leave places for the others. */
const mostFailingAtOnce = 16;
const mostFailing = 1000;

interface Delivery {
  readonly outbox: OutboxStore;
  /** Never throws: what went wrong is the outcome. Ends within its own deadline. */
  readonly send: (item: OutboxItem) => Promise<DeliveryOutcome>;
  readonly patienceOf: (item: OutboxItem) => Patience;
  /** A number in [0, 1). */
  readonly chance: () => number;
}

type Fate = 'delivered' | 'retried' | 'dead';
export type Fates = Readonly<Record<Fate, number>>;

/**
 * Sends what is due; any number of deliverers may run. One receiver takes a few of its places at most, and a single one
 * once it has failed, so that the others do not wait for it.
 */
export class Deliverer {
  private readonly busy = new Map<string, number>();
  private readonly failing = new Set<string>();
  private readonly running: Record<OutboxKind, number> = { alerts: 0, jobs: 0 };

  constructor(private readonly delivery: Delivery) {}

  /** What became of what was due; over when each has had its try, and nothing more is delivered by going on. */
  async round(): Promise<Fates> {
    const fates: Fate[] = [];
    let batch: readonly Fate[];
    do {
      batch = await Promise.all(await this.begin());
      fates.push(...batch);
    } while (batch.includes('delivered'));
    const count = (fate: Fate) => fates.filter((one) => one === fate).length;
    return { delivered: count('delivered'), retried: count('retried'), dead: count('dead') };
  }

  /** Claims what is due and begins to send it: alerts first. */
  async begin(): Promise<readonly Promise<Fate>[]> {
    const alerts = await this.beginOf('alerts', mostAtOnce);
    try {
      return [...alerts, ...(await this.beginOf('jobs', mostJobsAtOnce))];
    } catch (error) {
      // The alerts are on their way, and must be waited for; the next round meets the same fault.
      if (alerts.length === 0) throw error;
      return alerts;
    }
  }

  private async beginOf(of: OutboxKind, mostOfIt: number): Promise<readonly Promise<Fate>[]> {
    const { alerts, jobs } = this.running;
    const most = Math.min(mostPerRound, mostAtOnce - alerts - jobs, mostOfIt - this.running[of]);
    if (most <= 0) return [];
    const claim = { of, most, leaseSeconds, each: atOncePerReceiver, less: this.placesLeft(of) };
    const items = await this.delivery.outbox.claim(claim);
    return items.map((item) => this.track(item, of));
  }

  private placesLeft(of: OutboxKind): Readonly<Record<string, number>> {
    const known = new Set([...this.busy.keys(), ...this.failing]);
    const failingNow = [...this.busy.keys()].filter((receiver) => this.failing.has(receiver)).length;
    const eachFailing = of === 'alerts' || failingNow < mostFailingAtOnce ? 1 : 0;
    const left = (receiver: string) =>
      Math.max(0, (this.failing.has(receiver) ? eachFailing : atOncePerReceiver) - (this.busy.get(receiver) ?? 0));
    return Object.fromEntries([...known].map((receiver) => [receiver, left(receiver)]));
  }

  private async track(item: OutboxItem, of: OutboxKind): Promise<Fate> {
    const { receiver } = item;
    this.running[of] += 1;
    this.busy.set(receiver, (this.busy.get(receiver) ?? 0) + 1);
    try {
      const fate = await this.deliver(item);
      if (fate === 'delivered') this.failing.delete(receiver);
      else this.fail(receiver);
      return fate;
    } finally {
      this.running[of] -= 1;
      const left = (this.busy.get(receiver) ?? 1) - 1;
      if (left > 0) this.busy.set(receiver, left);
      else this.busy.delete(receiver);
    }
  }

  private fail(receiver: string): void {
    if (this.failing.size >= mostFailing) this.failing.clear();
    this.failing.add(receiver);
  }

  private async deliver(item: OutboxItem): Promise<Fate> {
    const { outbox, send, patienceOf, chance } = this.delivery;
    const outcome = await send(item);
    if (outcome.ok) {
      await outbox.delivered(item.id);
      return 'delivered';
    }
    const { attempts, withinSeconds } = patienceOf(item);
    const wait = waitSeconds(item.attempts, chance());
    if (outcome.isFinal || item.attempts >= attempts || item.ageSeconds + wait > withinSeconds) {
      await outbox.giveUp(item.id, outcome.error);
      return 'dead';
    }
    await outbox.retryIn(item.id, wait, outcome.error);
    return 'retried';
  }
}

/** Doubles from 5 s to an hour; the upper half is chance, so that a receiver that comes back is not sent all at once. */
export function waitSeconds(attempts: number, chance: number): number {
  const full = Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** (attempts - 1));
  return full / 2 + (full / 2) * chance;
}
