import type { ProviderView } from '@/lib/api/snapshot';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import { mergeBins, quantileOfBins } from '@/lib/rule/buckets/quantile';
import { liveSeconds, recentSeconds, saysEnough } from '@/lib/split/live-calls';
import { shareOf } from '@/lib/split/weights';
import { newsOf } from '../rollout/as-instances-say';

const unheard = {
  ...{ ok: false, isKnown: false, latencyMs: null, configured: false, breaker: 'closed', simulated: false },
  error: 'no instance has probed it',
};

/** `hour`: the buckets of the last one, of every arm. */
export function providerViews(
  { instances, providers, row, nowMs }: RolloutNow,
  registered: readonly { readonly name: string; readonly deprecated: boolean }[],
  hour: readonly Bucket[],
): Readonly<Record<string, ProviderView>> {
  const view = ({ name, deprecated }: (typeof registered)[number]): readonly [string, ProviderView] => {
    // Buckets are of arms, and a provider may be several.
    const isOwn = (arm: string) => (providers[arm] ?? arm) === name;
    const isSent = Object.keys(row.weights).some((arm) => isOwn(arm) && shareOf(row.weights, arm) > 0);
    const own = hour.filter(({ provider: arm }) => isOwn(arm));
    const known = newsOf(instances, name, nowMs)[0] ?? unheard;
    return [
      name,
      {
        ok: known.ok,
        latency_ms: known.latencyMs,
        error: known.error,
        configured: known.configured,
        ...(deprecated ? { deprecated } : {}),
        breaker: breakerOf(known.breaker),
        recent: recentOf(own, { isSent, sinceMs: row.rolloutStartedAtMs }, nowMs),
        simulated: known.simulated,
      },
    ];
  };
  return Object.fromEntries(registered.map(view));
}

interface Sent {
  readonly isSent: boolean;
  /** Of what was sent before the rollout nothing is said. */
  readonly sinceMs: number | null;
}

/** The last five minutes', or where calls are rare the last hour's; what has no share any more is not rare. */
export function recentOf(hour: readonly Bucket[], { isSent, sinceMs }: Sent, nowMs: number): ProviderView['recent'] {
  const recent = within(recentSeconds, hour, nowMs);
  if (!isSent || saysEnough(recent)) return recent;
  const begun = hour.filter(({ atMs }) => sinceMs === null || atMs > sinceMs);
  const minutes = sinceMs === null ? Number.POSITIVE_INFINITY : Math.ceil((nowMs - sinceMs) / 60_000);
  return within(Math.min(liveSeconds, Math.max(recentSeconds, minutes * 60)), begun, nowMs);
}

function within(seconds: number, buckets: readonly Bucket[], nowMs: number): ProviderView['recent'] {
  const recent = buckets.filter(({ atMs }) => atMs > nowMs - seconds * 1000);
  const sum = (count: 'requests' | 'failures') => recent.reduce((total, bucket) => total + bucket[count], 0);
  return {
    requests: sum('requests'),
    failures: sum('failures'),
    window_seconds: seconds,
    p95_ms: quantileOfBins(mergeBins(recent.map(({ bins }) => bins)), 0.95),
  };
}

function breakerOf(said: string): ProviderView['breaker'] {
  return said === 'open' || said === 'half_open' ? said : 'closed';
}
