import { durationText } from '@/lib/kernel/duration';
import { observation } from '@/lib/split/observation';
import { firstArm, type Metric } from '@/lib/split/policy/policy';
import { nextStage } from '@/lib/split/stages';
import { isCrossed } from './crossed';
import { explain } from './explain';
import { type GateFacts, missingRequests } from './gates';
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
  readonly state: 'ok' | 'waiting' | 'failing';
  readonly detail: string;
}

/** What the checklist of a rollback asks besides the gates' facts. */
export interface AfterRollback {
  /** The baseline's failure rate and its line; null when it had no traffic. */
  readonly baselineFailureRate: number | null;
  readonly failureKinds: Readonly<Record<string, number>>;
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
    ...lineItems(facts, decision),
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

function providersWell({ policy, providerFaults }: GateFacts): ChecklistItem {
  const { baseline, candidates } = policy;
  const faults = [baseline, ...candidates].filter((name) => providerFaults[name]);
  const detail = faults.length
    ? faults.map((name) => `${name}: ${providerFaults[name]}`).join('; ')
    : `${[baseline, ...candidates.slice(0, -1)].join(', ')} and ${candidates.at(-1)} answer their authenticated probes.`;
  return { id: 'providers_well', state: faults.length ? 'failing' : 'ok', detail };
}

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
function lineItems(facts: GateFacts, decision: Decision | null): ChecklistItem[] {
  const { policy, state: now } = facts;
  const missing = missingRequests(facts);
  return policy.redLines.map(({ metric }) => {
    const line = decision?.lines.find((each) => each.metric === metric);
    if (!line) return { id: metric, state: 'waiting', detail: 'The watchdog has not judged this line yet.' };
    if (line.verdict === 'ok' && missing > 0) {
      const more = `${missing} more request${missing === 1 ? '' : 's'} of ${now.stage} ${missing === 1 ? 'is' : 'are'} needed`;
      const detail = `${explain(line, policy).replace(/\.$/, '')} so far; ${more} to call it ok.`;
      return { id: metric, state: 'waiting', detail };
    }
    const state = line.verdict === 'ok' ? 'ok' : isCrossed(line) ? 'failing' : 'waiting';
    return { id: metric, state, detail: explain(line, policy) };
  });
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
  const limit = policy.redLines.find((line) => line.metric === 'failure_rate')?.limit ?? null;
  const rate = after.baselineFailureRate;
  const percent = rate === null ? 'no traffic yet' : `${Math.round(rate * 1e4) / 100} % failures`;
  const recovering = rate === null ? 'waiting' : limit !== null && rate > limit ? 'failing' : 'ok';
  const kinds = Object.entries(after.failureKinds).sort((a, b) => b[1] - a[1]);
  const grouped = kinds.map(([kind, count]) => `${kind} ${count}`).join(', ');
  return [
    ...rolledOut(facts),
    { id: 'baseline_recovering', state: recovering, detail: `${policy.baseline}: ${percent}.` },
    {
      id: 'failures_grouped',
      state: 'ok',
      detail: kinds.length ? `${firstArm(policy).candidate}: ${grouped}.` : 'No failures were recorded.',
    },
    {
      id: 'rearm',
      state: 'waiting',
      detail: `Find the cause, then re-arm with a reason; it starts at ${policy.stages[0]?.name}.`,
    },
  ];
}
