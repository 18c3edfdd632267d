import type { RedLineView } from '@/lib/api/snapshot';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { isoOf } from '@/lib/kernel/instant';
import { gridSeconds } from '@/lib/rule/buckets/bucket';
import { delayAtoms } from '@/lib/rule/buckets/history';
import { type Bins, mergeBins, quantileOfBins } from '@/lib/rule/buckets/quantile';
import { explain } from '@/lib/rule/explain';
import type { LineVerdict } from '@/lib/rule/verdict';
import type { Policy } from '@/lib/split/policy/policy';
import { isUp } from '@/lib/split/stages';
import { isAlive } from '../rollout/as-instances-say';
import { firstTickFrom } from '../ticks/first-tick-from';
import type { Trends } from './story/read-story';

/** Each line as it was judged now, with how it came to be so. */
export function redLineViews(rollout: RolloutNow, trends: Trends): RedLineView[] {
  const { policy } = rollout.policy;
  return rollout.decision.lines.map((line) => redLineView(line, policy, rollout, trends));
}

/** By a policy that need not be the one that judges; without `trends`, as of one instant. */
export function redLineView(
  line: LineVerdict,
  policy: Policy,
  rollout: RolloutNow,
  trends: Trends = () => null,
): RedLineView {
  const action = policy.redLines.find(({ metric }) => metric === line.metric)?.action ?? 'rollback';
  return {
    arm: line.arm,
    metric: line.metric,
    verdict: line.verdict,
    value: line.value,
    limit: line.limit,
    comparison: line.comparison,
    n: line.n,
    window_seconds: line.windowSeconds,
    hold_seconds: line.holdSeconds,
    breached_for_seconds: line.breachedForSeconds,
    evidence: line.evidence,
    baseline_value: line.baselineValue,
    baseline_n: line.baselineN,
    hindrance: line.hindrance,
    exposure: line.metric === 'regenerate_voucher_rate' ? exposureView(rollout.beside.voucherDelays) : null,
    action,
    acts_at: action === 'rollback' ? actsAt(line, rollout) : null,
    trend: trends(line),
    explanation: explain(line, policy),
  };
}

/** As the rule itself has it: too few to know how long they take, and they count as coming at once. */
function exposureView(delays: Bins | null): RedLineView['exposure'] {
  if (delays === null || delayAtoms(delays) === null) return null;
  const median = quantileOfBins(mergeBins([delays]), 0.5) ?? 0;
  return {
    median_delay_seconds: Math.round(median),
    known_vouchers: delays.reduce((sum, [, count]) => sum + count, 0),
  };
}

/** The first tick from the end of its hold on. What is held already either acts at the next one or says what keeps it. */
function actsAt({ verdict, arm, holdSeconds, breachedForSeconds }: LineVerdict, rollout: RolloutNow): string | null {
  const { decision, row, policy } = rollout;
  if (verdict !== 'breach' || !isUp(row.weights, policy.policy, arm)) return null;
  const heldMs = decision.atMs + Math.max(0, holdSeconds - breachedForSeconds) * 1000;
  return isoOf(firstTickFrom(heldMs, pacerOf(rollout)));
}

/** Whose ticks come next: beside a watchdog that lives, a caller once a minute decides one slot in six. */
function pacerOf({ ticks, instances, nowMs }: RolloutNow): Parameters<typeof firstTickFrom>[1] {
  const { decided } = ticks;
  if (decided?.by !== 'cron') return decided;
  const isWatched = instances.some((each) => each.kind === 'watchdog' && isAlive(each, nowMs));
  return isWatched ? { ...decided, by: 'watchdog', intervalSeconds: gridSeconds } : decided;
}
