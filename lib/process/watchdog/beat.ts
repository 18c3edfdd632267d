import type { Log } from '@/lib/config/log';
import type { Heartbeat, InstanceStore } from '@/lib/control/instances/instance-store';
import { warnOnce } from '../background';

const everyMs = 5000;

/** Says that this watchdog runs, and how far its clock is from the database's; it routes nothing. */
export function startBeat(
  instances: InstanceStore,
  identity: Pick<Heartbeat, 'id' | 'host' | 'pid' | 'build' | 'startedAtMs'>,
  log: Log,
): { stop(): Promise<void> } {
  let clockSkewMs: number | null = null;
  const unheard = warnOnce(log, 'the heartbeat');
  let beating: Promise<void> | null = null;
  const nothingRouted = {
    version: null,
    weights: null,
    assigned: {},
    oldestUnsentMs: null,
  };
  const heartbeat = (): Heartbeat => ({
    ...identity,
    ...nothingRouted,
    kind: 'watchdog',
    spoolDepth: 0,
    clockSkewMs,
    providers: {},
  });
  const beat = async () => {
    try {
      const sentMs = Date.now();
      const { nowMs } = await instances.beat(heartbeat());
      clockSkewMs = (sentMs + Date.now()) / 2 - nowMs;
      unheard.worked();
    } catch (error) {
      unheard.failed(error);
    }
  };
  const next = () => {
    beating ??= beat().finally(() => {
      beating = null;
    });
  };
  next();
  const timer = setInterval(next, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await beating;
      await instances.leave(identity.id).catch((error: unknown) => log.warn({ err: error }, 'could not say goodbye'));
    },
  };
}
