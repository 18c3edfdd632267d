import type { Snapshot } from '@/lib/api/snapshot';
import type { Blocker, BlockerCode } from '@/lib/rule/blocker';
import { isCrossed } from '@/lib/rule/hold';
import type { VerdictKind } from '@/lib/rule/verdict';
import { bySeverity } from '../tiles/by-severity';

type Item = Snapshot['checklist'][number];

/** A line of the one list: what the plan asks, what keeps the gate closed, or both. */
export interface Gate {
  readonly key: string;
  /** null: only a gate speaks of it. */
  readonly item: Item | null;
  readonly blockers: readonly Blocker[];
  /** `later`: no traffic is on its candidate, so that there is nothing to judge. */
  readonly state: Item['state'] | 'later';
}

type Gated = Pick<Snapshot, 'checklist' | 'blockers' | 'red_lines' | 'warnings' | 'weights' | 'candidate' | 'baseline'>;

/** Which line of the checklist a closed gate is about. */
const itemOf: Readonly<Partial<Record<BlockerCode, string>>> = {
  time_not_served: 'time_served',
  not_seen_by_all: 'seen_by_all',
  provider_not_ok: 'providers_well',
  rolled_back: 'rearm',
};

/** Whatever a closed gate says stands at its line of the checklist, the worst first; what is met comes behind. */
export function gatesOf(snapshot: Gated): readonly Gate[] {
  const { checklist, blockers } = snapshot;
  const left = new Set(blockers);
  const lines = checklist
    // That every gate is open, the button says; how failures are grouped, the incident.
    .filter(({ id }) => id !== 'advance' && id !== 'failures_grouped')
    .map((item): Gate => {
      const about = blockers.filter((each) => left.has(each) && isAbout(each, item));
      for (const blocker of about) left.delete(blocker);
      const state = about.length > 0 && item.state === 'ok' ? 'waiting' : item.state;
      if (about.length === 0 && isForLater(item, state, snapshot))
        return { key: `${item.arm} ${item.id}`, item, blockers: about, state: 'later' };
      return { key: `${item.arm} ${item.id}`, item, blockers: about, state };
    });
  // At the last stage there is no gate.
  const alone = [...left]
    .filter(({ code }) => code !== 'last_stage')
    .map((blocker): Gate => {
      return { key: `${blocker.code} ${blocker.detail}`, item: null, blockers: [blocker], state: 'waiting' };
    });
  const open = [...alone, ...lines];
  const rank = rankIn(snapshot);
  return open.toSorted((a, b) => ranks[a.state] - ranks[b.state] || rank(a) - rank(b));
}

const ranks: Readonly<Record<Gate['state'], number>> = { failing: 0, waiting: 0, ok: 1, later: 2 };

/** What somebody must look at goes before what comes by itself with time. */
const worstFirst: readonly (BlockerCode | 'crossed' | 'blind')[] = [
  ...([
    'rolled_back',
    'crossed',
    'blind',
    'watchdog_silent',
    'policy_invalid',
    'provider_not_ok',
    'early_warning',
  ] as const),
  ...(['alert_unacknowledged', 'paused', 'same_provider', 'pinned_traffic', 'step_order'] as const),
  ...(['not_seen_by_all', 'too_few_requests', 'line_not_ok', 'time_not_served', 'last_stage'] as const),
];

function badness({ code, params }: Blocker): number {
  const verdict = params.verdict as VerdictKind;
  if (code !== 'line_not_ok') return worstFirst.indexOf(code);
  return worstFirst.indexOf(isCrossed({ verdict }) ? 'crossed' : verdict === 'blind' ? 'blind' : code);
}

const worstOf = (blockers: readonly Blocker[]): Blocker | undefined =>
  blockers.toSorted((a, b) => badness(a) - badness(b)).at(0);

/** Lines over their limit in the order of their tiles. */
function rankIn(snapshot: Gated): (gate: Gate) => number {
  const lines = bySeverity(snapshot);
  const placeOf = ({ item }: Gate) =>
    lines.findIndex(({ arm, metric }) => metric === item?.id && arm === (item.arm ?? snapshot.candidate));
  return (gate) => {
    const worst = worstOf(gate.blockers);
    const isOver = gate.state === 'failing' || (worst && badness(worst) === worstFirst.indexOf('crossed'));
    if (isOver) return worstFirst.indexOf('crossed') + Math.max(0, placeOf(gate)) / 100;
    return worst ? badness(worst) : gate.state === 'ok' || gate.state === 'later' ? 0 : worstFirst.length;
  };
}

/** Nothing to judge without a share: a line of that candidate, or the time that a stage is observed. */
function isForLater({ id, arm }: Item, state: Item['state'], { red_lines: lines, weights, ...rest }: Gated): boolean {
  if (id === 'time_served')
    return Object.entries(weights).every(([name, share]) => name === rest.baseline || share === 0);
  const name = arm ?? rest.candidate;
  if (state !== 'waiting' || (weights[name] ?? 0) > 0) return false;
  return lines.some((line) => line.metric === id && line.arm === name && line.verdict === 'no_traffic');
}

/** How many lines of the one list are met and how many are not, and what the worst of their gates says. */
export function closedGatesOf(snapshot: Gated) {
  const gates = gatesOf(snapshot).filter(({ state }) => state !== 'later');
  const worst = gates.find(({ blockers }) => blockers.length > 0);
  const met = gates.filter(({ state }) => state === 'ok').length;
  return { first: worstOf(worst?.blockers ?? []), unmet: gates.length - met, met, all: gates.length };
}

function isAbout({ code, params }: Blocker, { id, arm }: Item): boolean {
  const named = params.arm ?? params.candidate;
  if (arm !== undefined && typeof named === 'string' && named !== arm) return false;
  if (code === 'line_not_ok' || code === 'early_warning') return params.metric === id;
  return itemOf[code] === id;
}
