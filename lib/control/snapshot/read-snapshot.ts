import type { Snapshot } from '@/lib/api/snapshot';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { isoOf, isoOrNull } from '@/lib/kernel/instant';
import { type AfterRollback, checklist } from '@/lib/rule/checklist';
import { advanceTarget } from '@/lib/rule/gates';
import { observation } from '@/lib/split/observation';
import { firstArm } from '@/lib/split/policy/policy';
import { judgedArms, latchedArms, withoutArms } from '@/lib/split/stages';
import { weightsText } from '@/lib/split/weights';
import type { Control } from '../control';
import { isAlive, routersOf, seenByAll } from '../rollout/as-instances-say';
import { gateFactsOf, gatesOf } from '../rollout/gates-of';
import { pinnedShares } from '../rollout/pinned-share';
import { readRolloutNow } from '../rollout/read-rollout-now';
import { armViews } from './arm-views';
import { planOf } from './plan-view';
import { providerViews } from './provider-views';
import { redLineViews } from './red-line-views';
import { instanceView, observedSplit, warningViews, watchdogView } from './snapshot-views';
import { readStory, readTraffic, readTrends } from './story/read-story';

const hourMs = 3_600_000;

/** Everything an operator needs to see of the rollout, from one reading; `me` is added for each caller. */
export async function readSnapshot(control: Control): Promise<Omit<Snapshot, 'me'>> {
  const rollout = await readRolloutNow(control);
  const { row, policy, nowMs } = rollout;
  const { baseline, candidate } = firstArm(policy.policy);
  const changes = await control.story.changes(row.version);
  const [registered, migration, story, trends, traffic, hour, pinned, failures] = await Promise.all([
    control.facts.registered(),
    control.facts.migration(),
    readStory(control, rollout, changes),
    readTrends(control, rollout),
    readTraffic(control, rollout),
    control.metrics.buckets(nowMs - hourMs, nowMs),
    pinnedShares(control.metrics, policy.policy, nowMs),
    row.latched ? failuresOf(control, policy.policy.candidates, nowMs) : {},
  ]);
  const next = row.latched ? null : advanceTarget(row, policy.policy);
  const blockers = gatesOf(rollout);
  return {
    now: isoOf(nowMs),
    split: control.facts.split,
    slug: control.facts.slug,
    version: row.version,
    mode: isSimulated(rollout) ? 'sandbox' : control.facts.mode,
    baseline,
    candidate,
    arms: armViews(rollout),
    weights: row.weights,
    weights_fault: row.weightsFault,
    stage: row.stage,
    without: withoutArms(row.weights, policy.policy, latchedArms(row.arms)),
    stage_started_at: isoOrNull(row.stageStartedAtMs),
    stage_by: row.stageBy,
    rollout_started_at: isoOrNull(row.rolloutStartedAtMs),
    paused: pausedOf(rollout),
    latched: latchedOf(rollout),
    plan: planOf(rollout, changes),
    observation: observationOf(rollout),
    next: next && { name: next.name, weights: next.weights },
    blockers,
    red_lines: redLineViews(rollout, trends),
    warnings: warningViews(rollout),
    observed: observedSplit(rollout, changes),
    pinned,
    watchdog: watchdogView(rollout),
    providers: providerViews(rollout, registered, hour),
    instances: rollout.instances
      .filter((each) => isAlive(each, nowMs) || each.kind === 'web')
      .map((each) => instanceView(each, nowMs)),
    seen_by_all: seenByAll(rollout.instances, row.version, nowMs),
    alerts: rollout.alerts,
    checklist: checklistOf(rollout, blockers.length, {
      baselineFailureRate: baselineFailureRate(rollout),
      failureKinds: failures,
    }),
    story,
    traffic,
    policy: {
      version: policy.version,
      source: policy.source,
      fault: policy.fault,
      auto_advance: policy.policy.autoAdvance,
    },
    build: control.facts.build,
    migration,
  };
}

/** The baseline is judged beside each candidate, from when that one began. */
function baselineFailureRate({ decision: { lines } }: RolloutNow): number | null {
  const known = lines.find(
    ({ metric, baselineValue }) =>
      (metric === 'failure_rate' || metric === 'accept_failure_rate') && baselineValue !== null,
  );
  return known?.baselineValue ?? null;
}

async function failuresOf(control: Control, candidates: readonly string[], nowMs: number) {
  const counted = candidates.map(async (arm) => {
    const failures = await control.metrics.topErrors(arm, nowMs - hourMs, nowMs);
    return [arm, Object.fromEntries(failures.map(({ kind, count }) => [kind, count]))] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
}

function checklistOf(rollout: RolloutNow, blockers: number, after: AfterRollback): Snapshot['checklist'] {
  const items = checklist(gateFactsOf(rollout), rollout.decision, blockers, after);
  const { weightsFault, weights } = rollout.row;
  if (weightsFault === null) return items;
  const detail = `The stored weights cannot be used (${weightsFault}); instances route by ${weightsText(weights)}.`;
  return items.map((item) => (item.id === 'weights_written' ? { ...item, state: 'failing', detail } : item));
}

/** The process that answers need not be one that routes; the routers know whether their providers are real. */
function isSimulated({ instances, nowMs }: RolloutNow): boolean {
  return routersOf(instances, nowMs).some(({ providers }) => Object.values(providers).some((each) => each.simulated));
}

function pausedOf({ row }: RolloutNow): Snapshot['paused'] {
  if (row.pausedAtMs === null) return null;
  return { at: isoOf(row.pausedAtMs), by: row.pausedBy ?? 'unknown', reason: row.pauseReason };
}

function latchedOf({ row }: RolloutNow): Snapshot['latched'] {
  if (!row.latched) return null;
  return {
    at: isoOf(row.latchedAtMs ?? row.updatedAtMs),
    by: row.latchedBy ?? 'unknown',
    reason: row.latchReason,
    journal_id: row.latchJournalId ?? 0,
  };
}

function observationOf({ row, policy: { policy }, nowMs, gate }: RolloutNow): Snapshot['observation'] {
  const { servedSeconds, neededSeconds, eligibleAtMs } = observation(row, policy, nowMs);
  return {
    served_seconds: Math.floor(servedSeconds),
    needed_seconds: neededSeconds,
    eligible_at: isoOrNull(eligibleAtMs),
    // Of several the one that has least: it is what the next step waits for.
    requests: Math.min(...judgedArms({ state: row, policy }).map((arm) => gate.stageRequests[arm] ?? 0)),
    needed_requests: policy.minRequests,
  };
}
