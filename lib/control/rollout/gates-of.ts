import type { AlertKind, AlertView } from '@/lib/api/alerts';
import type { TickRecord } from '@/lib/control/ticks/tick-record';
import type { MetricsStore } from '@/lib/log/buckets/metrics-store';
import type { Blocker } from '@/lib/rule/blocker';
import { advanceBlockers, type GateFacts } from '@/lib/rule/gates';
import { newsOf, providerFault, seenByAll } from './as-instances-say';
import { sharedProviders } from './elsewhere';
import { byArm, pinnedShares } from './pinned-share';
import type { RolloutNow } from './rollout-now';

/** A watchdog that has not decided for this many of its own intervals is silent. */
const silentAfterIntervals = 3;

export function isWatchdogAlive(decided: TickRecord | null, nowMs: number): boolean {
  return decided !== null && nowMs - decided.atMs <= silentAfterIntervals * decided.intervalSeconds * 1000;
}

export async function gateOf(
  metrics: MetricsStore,
  {
    nowMs,
    row,
    providers,
    policy: { policy, fault },
    ticks,
    instances,
    alerts,
  }: Omit<RolloutNow, 'gate' | 'beside' | 'buckets' | 'decision'>,
): Promise<RolloutNow['gate']> {
  const { decided } = ticks;
  const since = row.stageStartedAtMs;
  const faultOf = (provider: string) =>
    [provider, providerFault(newsOf(instances, providers[provider] ?? provider, nowMs))] as const;
  return {
    stageRequests: since === null ? {} : await stageRequests(metrics, policy.candidates, since, nowMs),
    watchdogAlive: isWatchdogAlive(decided, nowMs),
    watchdogSilentSeconds: decided === null ? null : Math.max(0, (nowMs - decided.atMs) / 1000),
    unacknowledgedAlerts: alerts.filter(blocks).length,
    providerFaults: Object.fromEntries([policy.baseline, ...policy.candidates].map(faultOf)),
    policyFault: fault,
    seenByAll: seenByAll(instances, row.version, nowMs),
    pinned: byArm(await pinnedShares(metrics, policy, nowMs)),
  };
}

async function stageRequests(metrics: MetricsStore, candidates: readonly string[], since: number, nowMs: number) {
  const counted = candidates.map(async (arm) => [arm, await metrics.requests(arm, since, nowMs)] as const);
  return Object.fromEntries(await Promise.all(counted));
}

/** These block while they last; a missed hold blocks until an operator has acknowledged it. */
const blocksWhileOpen: readonly AlertKind[] = ['blind', 'weights_invalid', 'weights_missing'];

function blocks({ kind, blocks_advance, acknowledged, resolved_at }: AlertView): boolean {
  if (acknowledged !== null) return false;
  return blocks_advance || (resolved_at === null && blocksWhileOpen.includes(kind));
}

export function gateFactsOf({ gate, row, policy, nowMs }: RolloutNow): GateFacts {
  return { ...gate, state: row, policy: policy.policy, nowMs };
}

export function gatesOf(rollout: RolloutNow): readonly Blocker[] {
  return [...advanceBlockers(gateFactsOf(rollout), rollout.decision), ...sharedProviders(rollout)];
}
