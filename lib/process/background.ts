import type { Log } from '@/lib/config/log';
import type { AlertStore } from '@/lib/control/alerts/alert-store';
import type { Heartbeat, InstanceStore } from '@/lib/control/instances/instance-store';
import type { TickStore } from '@/lib/control/ticks/tick-store';
import { heartbeatOf } from '@/lib/gateway/health/beat';
import { TellAlerts } from '@/lib/gateway/health/data-plane-alerts';
import { probeProviders } from '@/lib/gateway/health/probe-providers';
import { troubleSayer } from '@/lib/gateway/health/say-trouble';
import { SplitBeats } from '@/lib/gateway/health/split-beats';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { repeat } from '@/lib/kernel/clock';
import { LastingFault } from '@/lib/kernel/lasting-fault';
import { within } from '@/lib/kernel/within';

const flushEveryMs = 250;
const probeEveryMs = 12_000;
const beatEveryMs = 5000;
const beatWithinMs = 2000;
const tellEveryMs = 5000;

export type Identity = Pick<Heartbeat, 'id' | 'kind' | 'host' | 'pid' | 'build' | 'startedAtMs' | 'servesRelays'>;

interface Stores {
  readonly salt: () => Promise<Uint8Array | null>;
  readonly instances: InstanceStore;
  readonly alerts: AlertStore;
  readonly ticks: Pick<TickStore, 'last'>;
}

export const warnOnce = (log: Log, what: string): LastingFault =>
  new LastingFault((error) => log.warn({ err: error }, `${what} failed; it is tried again and not said again`));

/** What a web process does by itself: store events, probe providers, beat. Returns what ends it. */
export function startBackground(plane: DataPlane, stores: Stores | null, identity: Identity, log: Log) {
  const unheard = warnOnce(log, 'the heartbeat');
  let skewMs: number | null = null;
  let hasBeaten = false;
  const splitBeats = new SplitBeats();
  const beat = async () => {
    if (!stores) return;
    const sentMs = Date.now();
    const sentAtMs = plane.clock.monotonic();
    const heartbeat = heartbeatOf(plane, identity, skewMs, splitBeats.news(plane.splits.all.values()));
    const { nowMs, isNew } = await within(beatWithinMs, stores.instances.beat(heartbeat));
    if (isNew && hasBeaten) splitBeats.forget();
    else splitBeats.heard();
    hasBeaten = true;
    // The database read its clock somewhere between sending and answer.
    skewMs = (sentMs + Date.now()) / 2 - nowMs;
    plane.storeClock.told(nowMs, (sentAtMs + plane.clock.monotonic()) / 2);
    await within(beatWithinMs, plane.watchdog.look(stores.ticks, nowMs));
  };
  const teller = stores && new TellAlerts(plane, stores.alerts);
  const tell = async () => teller && within(beatWithinMs, teller.tell());
  const sayTrouble = troubleSayer(plane, log);
  const learnSalt = async () => {
    const { users } = plane.generate;
    const salt = users.isKnown ? null : await stores?.salt();
    if (salt) users.learn(salt);
  };
  const unsalted = warnOnce(
    log,
    'reading the salt of user_hash, without which events do not say which are of one user,',
  );
  void learnSalt().catch((error) => unsalted.failed(error));
  void probeProviders(plane);
  void beat().catch((error) => unheard.failed(error));
  const ends = [
    repeat(flushEveryMs, () => plane.events.flush(), warnOnce(log, 'storing events')),
    repeat(probeEveryMs, () => probeProviders(plane), warnOnce(log, 'probing providers')),
    repeat(beatEveryMs, beat, unheard),
    repeat(beatEveryMs, learnSalt, unsalted),
    repeat(tellEveryMs, tell, warnOnce(log, 'raising alerts')),
    repeat(tellEveryMs, async () => sayTrouble(), warnOnce(log, 'looking at our own calls')),
  ];
  return () => {
    for (const end of ends) end();
  };
}
