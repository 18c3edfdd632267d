import type { Snapshot } from '@/lib/api/snapshot';
import type { Blocker, BlockerCode } from '@/lib/rule/blocker';

type Item = Snapshot['checklist'][number];

/** A line of the one list: what the plan asks, what keeps the gate closed, or both. */
export interface Gate {
  readonly key: string;
  /** null: only a gate speaks of it. */
  readonly item: Item | null;
  readonly blocker: Blocker | null;
  readonly state: Item['state'];
}

/** Which line of the checklist a closed gate is about. */
const itemOf: Readonly<Partial<Record<BlockerCode, string>>> = {
  time_not_served: 'time_served',
  not_seen_by_all: 'seen_by_all',
  provider_not_ok: 'providers_well',
  rolled_back: 'rearm',
};

/** Whatever a closed gate says stands at its line of the checklist; what has none comes first. */
export function gatesOf({ checklist, blockers }: Pick<Snapshot, 'checklist' | 'blockers'>): readonly Gate[] {
  const left = new Set(blockers);
  const lines = checklist
    // That every gate is open, the button says.
    .filter(({ id }) => id !== 'advance')
    .map((item): Gate => {
      const blocker = blockers.find((each) => left.has(each) && isAbout(each, item)) ?? null;
      if (blocker) left.delete(blocker);
      const state = blocker && item.state === 'ok' ? 'waiting' : item.state;
      return { key: `${item.arm} ${item.id}`, item, blocker, state };
    });
  // At the last stage there is no gate.
  const alone = [...left]
    .filter(({ code }) => code !== 'last_stage')
    .map((blocker): Gate => {
      return { key: `${blocker.code} ${blocker.detail}`, item: null, blocker, state: 'waiting' };
    });
  const open = [...alone, ...lines];
  return [...open.filter(({ state }) => state !== 'ok'), ...open.filter(({ state }) => state === 'ok')];
}

function isAbout({ code, params }: Blocker, { id, arm }: Item): boolean {
  if (typeof params.arm === 'string' && arm !== undefined && params.arm !== arm) return false;
  if (code === 'line_not_ok' || code === 'early_warning') return params.metric === id;
  return itemOf[code] === id;
}
