import { durationText } from '@/lib/kernel/duration';
import { isoOf } from '@/lib/kernel/instant';
import { Refusal } from '@/lib/kernel/refusal';
import { explain, metricName } from '@/lib/rule/explain';
import type { OpenRun } from '@/lib/rule/first-look';
import { isCrossed, overSinceMs } from '@/lib/rule/hold';
import type { LineVerdict, MissedHold } from '@/lib/rule/verdict';
import type { Policy } from '@/lib/split/policy/policy';
import { isUp } from '@/lib/split/stages';
import type { Control } from '../control';
import { judgeProposal, type Proposal } from '../rollout/read-rollout-now';
import type { RolloutNow } from '../rollout/rollout-now';
import { redLineView } from '../snapshot/red-line-views';

/** Refuses a policy that would not leave things as they are: neither now, nor when a hold that runs already is full. */
export async function warnWhenItActs(control: Control, rollout: RolloutNow, policy: Policy): Promise<void> {
  const proposal = await judgeProposal(control, rollout, policy);
  const { action, missed } = proposal.decision;
  const over = proposal.decision.lines.filter(isCrossed).map((line) => overOf(line, policy, proposal));
  const open = proposal.open.map((run) => openOf(run, proposal));
  const advances = action.kind === 'advance' ? [`It advances to ${action.to} at once.`] : [];
  const sentences = [...advances, ...[...over, ...open].map(({ text }) => text), ...missed.map(missedText)];
  if (sentences.length === 0) return;
  const [first] = [...over, ...open].flatMap(({ view }) => view.acts_at ?? []).sort();
  const later =
    first === undefined ? 'does not leave things as they are' : `rolls back at ${clockOf(first)} if it stays`;
  const what = action.kind === 'rollback' ? 'rolls back at once' : later;
  throw new Refusal('confirmation-needed', `This policy ${what}. ${sentences.join(' ')} Confirm to save it.`, {
    would: action,
    lines: over.map(({ view }) => view),
    open: open.map(({ view }) => view),
    acted: missed.map(({ metric, fromMs, toMs }) => ({ metric, from: isoOf(fromMs), to: isoOf(toMs) })),
  });
}

function overOf(line: LineVerdict, policy: Policy, { rollout }: Proposal) {
  const view = redLineView(line, policy, rollout);
  const when =
    view.acts_at === null
      ? ''
      : ` ${held(overSinceMs(rollout.decision.atMs, line.breachedForSeconds), line, rollout)}; ${willRollBack(view.acts_at, policy)}.`;
  return { view, text: `${explain(line, policy)}${when}` };
}

function openOf({ arm, metric, holdSeconds, sinceMs, action }: OpenRun, { rollout }: Proposal) {
  const { policy } = rollout.policy;
  const acts = action === 'rollback' && isUp(rollout.row.weights, policy, arm);
  const acts_at = acts ? isoOf(Math.max(rollout.decision.atMs, sinceMs + holdSeconds * 1000)) : null;
  const next = acts_at === null ? 'the hold goes on with the next that are' : willRollBack(acts_at, policy);
  const text = `${arm} ${metricName(metric)} has nothing to measure now, and was over its line whenever it had. ${held(sinceMs, { holdSeconds }, rollout)}; ${next}.`;
  return { view: { arm, metric, since: isoOf(sinceMs), hold_seconds: holdSeconds, acts_at }, text };
}

function held(sinceMs: number, { holdSeconds }: Pick<LineVerdict, 'holdSeconds'>, { decision }: RolloutNow): string {
  const forSeconds = Math.min(holdSeconds, (decision.atMs - sinceMs) / 1000);
  return `Over since ${clockOf(isoOf(sinceMs))}, held for ${durationText(forSeconds)} of ${durationText(holdSeconds)}`;
}

const willRollBack = (at: string, { evidence }: Policy): string =>
  `it rolls back at ${clockOf(at)} if it stays so${evidence === 'observed' ? '' : ' and neither luck nor a shared cause explains it'}`;

const clockOf = (iso: string): string => `${iso.slice(11, 19)} UTC`;

function missedText({ metric, fromMs, toMs }: MissedHold): string {
  return `In the last hour it would have acted on ${metric}, held from ${isoOf(fromMs)} to ${isoOf(toMs)}.`;
}
