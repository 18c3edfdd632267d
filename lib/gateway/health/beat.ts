import type { Heartbeat } from '@/lib/control/instances/instance-store';
import type { DataPlane } from '../request/data-plane';
import { isKnown, providerHealth } from './read-health';
import { sentProviders } from './what-calls-say';

type Identity = Pick<Heartbeat, 'id' | 'kind' | 'host' | 'pid' | 'build' | 'startedAtMs' | 'servesRelays'>;

/** What this process tells the others about itself. */
export function heartbeatOf(
  plane: DataPlane,
  identity: Identity,
  clockSkewMs: number | null,
  splits: NonNullable<Heartbeat['splits']> = {},
): Heartbeat {
  const nowMs = plane.clock.monotonic();
  const lanes = [...plane.lanes];
  const sent = sentProviders(plane);
  // How it failed before it was taken back says nothing of how it does when it comes again.
  for (const [name, lane] of lanes) if (!sent.has(name)) lane.calls.forget();
  return {
    ...identity,
    version: plane.weights.routing.version,
    weights: plane.weights.routing.weights,
    assigned: Object.fromEntries(plane.splits.first.assigned),
    splits,
    oldestUnsentMs: plane.events.oldestUnsentMs(),
    spoolDepth: plane.events.depth(),
    clockSkewMs,
    providers: Object.fromEntries(
      lanes.map(([name, lane]) => {
        const { ok, latency_ms, error, configured } = providerHealth(lane, { isSent: sent.has(name) }, nowMs);
        const breaker = lane.breaker.state(nowMs);
        const known = isKnown(lane, nowMs);
        const simulated = plane.isSandbox;
        return [name, { ok, isKnown: known, latencyMs: latency_ms, error, configured, breaker, simulated }];
      }),
    ),
  };
}
