import type { Policy } from '@/lib/split/policy/policy';
import { firstSplit } from '@/lib/split/split-key';
import { isLive, latchedArms, stageOf } from '@/lib/split/stages';
import { untouchedArm } from '@/lib/split/state';
import { shareOf, type Weights } from '@/lib/split/weights';
import type { Control } from '../control';
import type { SplitRow, StoredSplit } from '../flags/stored-flags';
import type { Heartbeat } from '../instances/instance-store';

export type SeenInstance = Heartbeat & { readonly seenAtMs: number };
type ProviderNews = Heartbeat['providers'][string];

/** An instance beats every few seconds; one that missed several is gone or frozen, and routes nothing. */
const aliveSeconds = 15;
/** Events travel within a second; when the oldest waits this long, they do not arrive. */
const blindAfterMs = 30_000;

const nothingRouted = { version: null, weights: null, assigned: {} };

/** What the processes say of one split; one that does not know it routes nothing of it. */
export function sayingOf(split: string, instances: readonly SeenInstance[]): readonly SeenInstance[] {
  if (split === firstSplit) return instances;
  return instances.map((instance) => ({ ...instance, ...(instance.splits?.[split] ?? nothingRouted) }));
}

export function isAlive(instance: SeenInstance, nowMs: number): boolean {
  return nowMs - instance.seenAtMs <= aliveSeconds * 1000;
}

export function routersOf(instances: readonly SeenInstance[], nowMs: number): SeenInstance[] {
  return instances.filter((instance) => instance.kind === 'web' && isAlive(instance, nowMs));
}

/**
 * True when every router goes by the row's version; also when no process routes. Without a row
 * (version 0) a router that has never read one has nothing to catch up with, and the first stage can begin.
 */
export function seenByAll(instances: readonly SeenInstance[], version: number, nowMs: number): boolean {
  return routersOf(instances, nowMs).every((instance) => (instance.version ?? 0) === version);
}

export interface Blindness {
  /** No router's events arrive: the log says nothing about now. */
  readonly total: boolean;
  /** Some router's events do not arrive: the log is thinner than the traffic. */
  readonly instances: readonly string[];
}

export function blindness(instances: readonly SeenInstance[], nowMs: number): Blindness {
  const routing = routersOf(instances, nowMs).filter(({ assigned }) => Object.values(assigned).some((n) => n > 0));
  const blind = routing.filter(({ oldestUnsentMs }) => (oldestUnsentMs ?? 0) > blindAfterMs);
  return { total: blind.length > 0 && blind.length === routing.length, instances: blind.map(({ id }) => id) };
}

/** What the routers say of one provider, the worst news first; null when none has reported. */
export function newsOf(instances: readonly SeenInstance[], provider: string, nowMs: number): readonly ProviderNews[] {
  const said = routersOf(instances, nowMs).flatMap(({ providers }) => providers[provider] ?? []);
  return said.sort((a, b) => Number(a.configured) - Number(b.configured) || Number(a.ok) - Number(b.ok));
}

/** Why a provider cannot be trusted with more traffic, by the router that has the worst to say. */
export function providerFault(news: readonly ProviderNews[]): string | null {
  const [worst] = news;
  if (worst === undefined || (worst.configured && worst.ok)) return null;
  return worst.configured ? (worst.error ?? 'its probe fails') : 'no key is configured';
}

/** How far back instances are asked for. */
export const instanceSeconds = 600;
/** Without a known start of the rollout nothing is cut off: the candidate's rows are all there is to judge. */
const unknownStartMs = 86_400_000;

/**
 * The split as it is in force. A row that may be used is; where it is gone or holds what no process takes, it is what
 * instances route by, with the clocks and the latch of the last good row. Version 0: the next write makes the row.
 */
export function splitAsRouted(stored: StoredSplit, policy: Policy, instances: readonly SeenInstance[]): SplitRow {
  const { row, lastGood, nowMs } = stored;
  if (row !== null && row.weightsFault === null) return withStart(row, policy, nowMs);
  const routed = routedWeights(instances, policy, nowMs);
  const known = row ?? (lastGood === null ? missingSplit(policy) : { ...lastGood, version: 0 });
  const weights = routed ?? known.weights;
  const stage = stageOf(weights, policy, latchedArms(known.arms));
  const weightsFault = row === null ? missingFault(stored, instances) : row.weightsFault;
  return withStart({ ...known, weights, stage, weightsFault }, policy, nowMs);
}

/** What the candidate has a share of is judged, also where its start is unknown. */
function withStart(row: SplitRow, policy: Policy, nowMs: number): SplitRow {
  if (row.rolloutStartedAtMs !== null || !isLive(row.weights, policy)) return row;
  const rolloutStartedAtMs = nowMs - unknownStartMs;
  const arms = Object.fromEntries(Object.entries(row.arms).map(([arm, of]) => [arm, { ...of, rolloutStartedAtMs }]));
  return { ...row, rolloutStartedAtMs, arms };
}

export async function readSplitAsRouted(
  control: Pick<Control, 'flags' | 'instances'>,
  policy: Policy,
): Promise<SplitRow> {
  const [stored, instances] = await Promise.all([control.flags.readSplit(), control.instances.list(instanceSeconds)]);
  return splitAsRouted(stored, policy, instances);
}

/** The weights that living routers go by; where they differ, those with most for the candidates. null: none routes. */
function routedWeights(instances: readonly SeenInstance[], policy: Policy, nowMs: number): Weights | null {
  const share = (weights: Weights) => policy.candidates.reduce((sum, arm) => sum + shareOf(weights, arm), 0);
  const routed = routersOf(instances, nowMs).flatMap(({ weights }) => (weights === null ? [] : [weights]));
  return routed.reduce<Weights | null>(
    (most, each) => (most === null || share(each) > share(most) ? each : most),
    null,
  );
}

/** A row that never was is a beginning; one that is gone is a fault. */
function missingFault({ lastGood, nowMs }: StoredSplit, instances: readonly SeenInstance[]): string | null {
  const wasRead = lastGood !== null || routersOf(instances, nowMs).some(({ version }) => version !== null);
  return wasRead ? 'the row was deleted' : null;
}

/** A split that never had a row stands where a rollback would put it. */
function missingSplit(policy: Policy): SplitRow {
  return {
    version: 0,
    weights: policy.rollback,
    stage: 'baseline',
    stageStartedAtMs: null,
    stageBy: null,
    rolloutStartedAtMs: null,
    pausedAtMs: null,
    pausedBy: null,
    pauseReason: null,
    pausedSeconds: 0,
    latched: false,
    latchedAtMs: null,
    latchedBy: null,
    latchReason: null,
    latchJournalId: null,
    baselineCostUsd: null,
    updatedAtMs: 0,
    isStored: false,
    weightsFault: null,
    arms: Object.fromEntries(policy.candidates.map((arm) => [arm, untouchedArm])),
  };
}
