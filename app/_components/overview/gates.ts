import type { Snapshot } from '@/lib/api/snapshot';
import type { Blocker, BlockerCode } from '@/lib/rule/blocker';

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

type Gated = Pick<Snapshot, 'checklist' | 'blockers' | 'red_lines' | 'weights' | 'candidate'>;

/** Which line of the checklist a closed gate is about. */
const itemOf: Readonly<Partial<Record<BlockerCode, string>>> = {
  time_not_served: 'time_served',
  not_seen_by_all: 'seen_by_all',
  provider_not_ok: 'providers_well',
  rolled_back: 'rearm',
};

/** Whatever a closed gate says stands at its line of the checklist; what has none comes first. */
export function gatesOf(snapshot: Gated): readonly Gate[] {
  const { checklist, blockers } = snapshot;
  const left = new Set(blockers);
  const lines = checklist
    // That every gate is open, the button says.
    .filter(({ id }) => id !== 'advance')
    .map((item): Gate => {
      const about = blockers.filter((each) => left.has(each) && isAbout(each, item));
      for (const blocker of about) left.delete(blocker);
      const state = about.length > 0 && item.state === 'ok' ? 'waiting' : item.state;
      if (about.length === 0 && state === 'waiting' && isUnshared(item, snapshot))
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
  return open.toSorted((a, b) => ranks[a.state] - ranks[b.state]);
}

const ranks: Readonly<Record<Gate['state'], number>> = { waiting: 0, failing: 0, ok: 1, later: 2 };

/** A line of a candidate that has no share and nothing to be judged by. */
function isUnshared({ id, arm }: Item, { red_lines: lines, weights, candidate }: Gated): boolean {
  const name = arm ?? candidate;
  if ((weights[name] ?? 0) > 0) return false;
  return lines.some((line) => line.metric === id && line.arm === name && line.verdict === 'no_traffic');
}

/** How many lines of the one list have a closed gate, and what the first of them says. */
export function closedGatesOf(snapshot: Gated) {
  const gates = gatesOf(snapshot).filter(({ state }) => state !== 'later');
  const closed = gates.filter(({ blockers }) => blockers.length > 0).length;
  return { first: snapshot.blockers[0], closed, all: gates.length };
}

function isAbout({ code, params }: Blocker, { id, arm }: Item): boolean {
  const named = params.arm ?? params.candidate;
  if (arm !== undefined && typeof named === 'string' && named !== arm) return false;
  if (code === 'line_not_ok' || code === 'early_warning') return params.metric === id;
  return itemOf[code] === id;
}
