import { durationText } from '@/lib/kernel/duration';
import { observation } from '@/lib/split/observation';
import { countedBy, judgedBy, type Metric } from '@/lib/split/policy/metrics';
import type { Policy } from '@/lib/split/policy/policy';
import { judgedArms, latchedAlone, nextStage } from '@/lib/split/stages';
import { explain } from './explain';
import { armParam, type GateFacts, missingRequests } from './gates';
import { isCrossed } from './hold';
import type { Decision } from './verdict';

export type ChecklistId =
  | 'weights_written'
  | 'seen_by_all'
  | 'providers_well'
  | 'time_served'
  | Metric
  | 'advance'
  | 'baseline_recovering'
  | 'failures_grouped'
  | 'rearm';

interface ChecklistItem {
  readonly id: ChecklistId;
  /** The candidate that it is about, where there is more than one. */
  readonly arm?: string;
  readonly state: 'ok' | 'waiting' | 'failing';
  readonly detail: string;
}

/** What the checklist of a rollback asks besides the gates' facts. */
export interface AfterRollback {
  /** The baseline's failure rate and its line; null when it had no traffic. */
  readonly baselineFailureRate: number | null;
  /** By candidate. */
  readonly failureKinds: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The plan's checklist of the present stage, each line ticked by the system. */
export function checklist(
  facts: GateFacts,
  decision: Decision | null,
  blockers: number,
  after: AfterRollback,
): ChecklistItem[] {
  if (facts.state.latched) return afterRollback(facts, after);
  return [
    ...rolledOut(facts),
    providersWell(facts),
    timeServed(facts),
    ...judgedArms(facts).flatMap((arm) => lineItems(facts, decision, arm)),
    ...latchedAlone(facts.state, facts.policy).map((arm) => rearmItem(facts, arm)),
    advance(facts, blockers),
  ];
}

function rolledOut({ state, seenByAll }: GateFacts): ChecklistItem[] {
  const weights = Object.entries(state.weights)
    .map(([name, share]) => `${name} ${Math.round(share * 1e4) / 100} %`)
    .join(', ');
  return [
    { id: 'weights_written', state: 'ok', detail: `Version ${state.version} (${state.stage}): ${weights}.` },
    seenByAll
      ? { id: 'seen_by_all', state: 'ok', detail: `Every instance routes by version ${state.version}.` }
      : {
          id: 'seen_by_all',
          state: 'waiting',
          detail: `Some instance does not route by version ${state.version} yet.`,
        },
  ];
}

function providersWell({ state, policy, providerFaults }: GateFacts): ChecklistItem {
  const gone = latchedAlone(state, policy);
  const names = [policy.baseline, ...policy.candidates.filter((arm) => !gone.includes(arm))];
  const faults = names.filter((name) => providerFaults[name]);
  const detail = faults.length
    ? faults.map((name) => `${name}: ${providerFaults[name]}`).join('; ')
    : `${listed(names)} answer their authenticated probes.`;
  return { id: 'providers_well', state: faults.length ? 'failing' : 'ok', detail };
}

const listed = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

function timeServed({ state, policy, nowMs }: GateFacts): ChecklistItem {
  const { servedSeconds, neededSeconds } = observation(state, policy, nowMs);
  const served = durationText(servedSeconds);
  if (neededSeconds === null)
    return { id: 'time_served', state: 'ok', detail: `Observed for ${served}; no end is set.` };
  const isServed = servedSeconds >= neededSeconds;
  const paused = state.pausedAtMs === null ? '' : ' (paused)';
  return {
    id: 'time_served',
    state: isServed ? 'ok' : 'waiting',
    detail: `Observed for ${served} of ${durationText(neededSeconds)}${paused}.`,
  };
}

/** A line is not ticked on less evidence than the gate of the next stage asks for. */
function lineItems(facts: GateFacts, decision: Decision | null, arm: string): ChecklistItem[] {
  const { policy, state: now } = facts;
  const missing = missingRequests(facts, arm);
  return policy.redLines.map(({ metric }) => {
    const item = { id: metric, ...armParam(arm, policy) };
    const line = decision?.lines.find((each) => each.metric === metric && each.arm === arm);
    if (!line) return { ...item, state: 'waiting', detail: 'The watchdog has not judged this line yet.' };
    if (line.verdict === 'ok' && missing > 0) {
      const counted = countedBy(policy);
      const needed = missing === 1 ? [counted.slice(0, -1), 'is'] : [counted, 'are'];
      const more = `${missing} more ${needed[0]} of ${now.stage} ${needed[1]} needed`;
      const detail = `${explain(line, policy).replace(/\.$/, '')} so far; ${more} to call it ok.`;
      return { ...item, state: 'waiting', detail };
    }
    const state = line.verdict === 'ok' ? 'ok' : isCrossed(line) ? 'failing' : 'waiting';
    return { ...item, state, detail: explain(line, policy) };
  });
}

function rearmItem({ policy }: GateFacts, arm: string): ChecklistItem {
  const detail = `${arm} was rolled back: find the cause, then re-arm it with a reason; it starts with its share of ${policy.stages[0]?.name}.`;
  return { id: 'rearm', arm, state: 'waiting', detail };
}

function advance({ state, policy }: GateFacts, blockers: number): ChecklistItem {
  const next = nextStage(state.stage, policy);
  if (next === null) return { id: 'advance', state: 'ok', detail: `${state.stage} is the last stage of the plan.` };
  return blockers === 0
    ? { id: 'advance', state: 'ok', detail: `Every gate is open: advance to ${next.name}, or roll back.` }
    : {
        id: 'advance',
        state: 'waiting',
        detail: `${blockers} gate${blockers === 1 ? ' is' : 's are'} closed before ${next.name}.`,
      };
}

function afterRollback(facts: GateFacts, after: AfterRollback): ChecklistItem[] {
  const { policy } = facts;
  const limit = policy.redLines.find((line) => line.metric === failuresOf(policy))?.limit ?? null;
  const rate = after.baselineFailureRate;
  const percent = rate === null ? 'no traffic yet' : `${Math.round(rate * 1e4) / 100} % failures`;
  const recovering = rate === null ? 'waiting' : limit !== null && rate > limit ? 'failing' : 'ok';
  return [
    ...rolledOut(facts),
    { id: 'baseline_recovering', state: recovering, detail: `${policy.baseline}: ${percent}.` },
    { id: 'failures_grouped', state: 'ok', detail: groupedOf(after) },
    {
      id: 'rearm',
      state: 'waiting',
      detail: `Find the cause, then re-arm with a reason; it starts at ${policy.stages[0]?.name}.`,
    },
  ];
}

/** What the baseline must do better again: answer, or accept. */
const failuresOf = (policy: Policy): Metric => (judgedBy(policy) === 'job' ? 'accept_failure_rate' : 'failure_rate');

function groupedOf({ failureKinds }: AfterRollback): string {
  const texts = Object.entries(failureKinds).flatMap(([arm, byKind]) => {
    const kinds = Object.entries(byKind).sort((a, b) => b[1] - a[1]);
    return kinds.length > 0 ? `${arm}: ${kinds.map(([kind, count]) => `${kind} ${count}`).join(', ')}.` : [];
  });
  return texts.length > 0 ? texts.join(' ') : 'No failures were recorded.';
}
