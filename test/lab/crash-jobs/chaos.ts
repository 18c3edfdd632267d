import { setTimeout as sleep } from 'node:timers/promises';
import { type Chance, seededChance } from '@/lib/gateway/providers/sandbox/chance';
import { freeze } from '@/test/support/freeze';
import { untilAllEnded } from './heal';
import { order, orderRelayed, poll, pollRelayed } from './orders';
import type { Told } from './remains';
import type { CrashWorld, Member } from './world';

interface ChaosOptions {
  readonly orders: number;
  readonly perSecond: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  /** By a relay; left out: by our own door. */
  readonly isRelayed?: boolean;
}

const ours = { order: (url: string, at: number) => order(url, `order ${at}`, 'film'), poll };
const relayed = { order: (url: string, at: number) => orderRelayed(url, `order-number-${at}`), poll: pollRelayed };

const pollEvery = 3;

/** Orders at a steady rate at every web process, while what they pass through is killed, frozen and cut off by chance. */
export async function chaos(world: CrashWorld, options: ChaosOptions): Promise<Told[]> {
  const { orders, perSecond, seed, say, isRelayed = false } = options;
  const door = isRelayed ? relayed : ours;
  for (const name of ['fal', 'runware'] as const) world.sandbox.control(name, { jobMs: { median: 800, p95: 3000 } });
  world.relays.runway.control({ jobMs: { median: 800, p95: 3000 } });
  const chance = seededChance(seed);
  const end = new AbortController();
  const faults = new Faults(world, chance);
  const breaking = Promise.all([faults.ofProcesses(end.signal), faults.ofNetwork(end.signal)]);
  const told = await orderAll(world, orders, perSecond, door);
  end.abort();
  await breaking;
  say(`${orders} orders under ${faults.told()}`);
  await untilAllEnded(world);
  const polled = async (each: Told) => ({ ...each, polled: each.id && (await door.poll(anyOf(world), each.id)) });
  const asked = await Promise.all(told.map(polled));
  // All at once is more than a busy machine answers in time; what it refuses for the moment is asked for again.
  for (const [at, each] of asked.entries())
    if (each.id !== null && each.polled === null) asked[at] = await polled(each);
  return asked;
}

async function orderAll(
  world: CrashWorld,
  orders: number,
  perSecond: number,
  { order, poll }: typeof ours,
): Promise<Told[]> {
  const going: Promise<Told>[] = [];
  const beganMs = performance.now();
  while (going.length < orders) {
    const due = Math.min(orders, Math.ceil(((performance.now() - beganMs) / 1000) * perSecond));
    while (going.length < due) {
      const at = going.length;
      const { url } = world.webs[at % world.webs.length] ?? { url: '' };
      const ordering = order(url, at);
      // Its caller asks for it, as callers do; what it hears then is not what counts.
      if (at % pollEvery === 0) void ordering.then(({ id }) => id && poll(url, id));
      going.push(ordering);
    }
    await sleep(1000 / perSecond);
  }
  return Promise.all(going);
}

const anyOf = ({ webs }: CrashWorld) => webs[0]?.url ?? '';

/** What breaks, and how often it did. */
class Faults {
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly world: CrashWorld,
    private readonly chance: Chance,
  ) {}

  told(): string {
    return [...this.counts].map(([what, count]) => `${count} × ${what}`).join(', ');
  }

  /** One after the other: each is mended before the next. */
  async ofProcesses(signal: AbortSignal): Promise<void> {
    const { webs, watchdog, postgres } = this.world;
    const members: readonly Member[] = [...webs, watchdog];
    const faults: readonly (readonly [string, () => Promise<void>])[] = [
      ...members.flatMap((member) => [
        [`${member.name} killed`, () => killed(member)] as const,
        [`${member.name} frozen`, () => this.frozen(() => freeze(member.process.pid))] as const,
      ]),
      ['Postgres killed', () => postgres.crash()],
      ['Postgres frozen', () => this.frozen(() => postgres.freeze())],
    ];
    await this.again(faults, 200, signal);
  }

  async ofNetwork(signal: AbortSignal): Promise<void> {
    const { webs, watchdog, vendors } = this.world;
    const links = [
      ...[...webs, watchdog].map(({ name, store }) => [`store of ${name} reset`, store] as const),
      ...webs.map(({ name, front }) => [`callers of ${name} reset`, front] as const),
      ...Object.entries(vendors).map(([name, link]) => [`${name} reset`, link] as const),
    ];
    const faults = links.map(([what, { proxy }]) => [what, async () => proxy.reset()] as const);
    await this.again(faults, 300, signal);
  }

  private async again(
    faults: readonly (readonly [string, () => Promise<void>])[],
    pauseMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      await sleep(pauseMs + this.chance.next() * pauseMs * 2);
      const [what, inject] = faults[Math.floor(this.chance.next() * faults.length)] ?? [
        'nothing',
        async () => undefined,
      ];
      this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
      await inject();
    }
  }

  private async frozen(stop: () => () => void): Promise<void> {
    const thaw = stop();
    await sleep(300 + this.chance.next() * 2000);
    thaw();
  }
}

async function killed(member: Member): Promise<void> {
  await member.kill();
  await member.start();
}
