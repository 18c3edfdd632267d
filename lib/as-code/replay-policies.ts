import type { Control } from '@/lib/control/control';
import { mostEvents, trialOf } from '@/lib/control/rollout/what-if';
import { startReplay } from '@/lib/replay/replay';
import type { ReplayReport } from '@/lib/replay/replay-report';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import { readPolicyValue } from '@/lib/split/policy/read-policy';
import { firstSplit } from '@/lib/split/split-key';
import type { Change } from './change';
import type { StoredState } from './read-state';

const dayMs = 86_400_000;
const usualMs = 14 * dayMs;
const shortestMs = dayMs / 24;

type Outcome = Pick<ReplayReport, 'rollback_at' | 'red_line'>;

/** What a changed policy would have done over the recorded log of its split, beside the one that judges now. */
export interface PolicyReplay {
  readonly split: string;
  readonly from: string;
  readonly to: string;
  readonly days: number;
  /** 0: there was no traffic to judge. */
  readonly requests: number;
  /** The span was shortened to what can be judged in time. */
  readonly isShortened: boolean;
  readonly was: Outcome | null;
  readonly becomes: Outcome | null;
}

export async function replayPolicies(
  changes: readonly Change[],
  state: StoredState,
  controlOf: (key: string) => Control,
): Promise<readonly PolicyReplay[]> {
  const found: PolicyReplay[] = [];
  for (const { row } of changes) {
    const [key = ''] = row.id;
    if (row.of !== 'policy') continue;
    const becomes = policyOf(row.values);
    if (becomes === null) continue;
    const before = state.rows.find((each) => each.of === 'policy' && each.id[0] === key);
    const was = key === firstSplit && before === undefined ? defaultPolicy : policyOf(before?.values);
    found.push(await replayOne(key, { was, becomes }, armsOf(key, changes, state), state.nowMs, controlOf(key)));
  }
  return found;
}

function policyOf(value: unknown): Policy | null {
  const reading = value === undefined ? null : readPolicyValue(value);
  return reading?.ok ? reading.policy : null;
}

function armsOf(key: string, changes: readonly Change[], state: StoredState): readonly string[] {
  const rows = [...state.rows, ...changes.map(({ row }) => row)];
  return [...new Set(rows.flatMap(({ of, id }) => (of === 'arm' && id[0] === key ? [id[1] ?? ''] : [])))];
}

async function replayOne(
  split: string,
  { was, becomes }: { readonly was: Policy | null; readonly becomes: Policy },
  registered: readonly string[],
  toMs: number,
  control: Control,
): Promise<PolicyReplay> {
  const { recordings } = control;
  let spanMs = usualMs;
  let requests = await recordings.count(toMs - spanMs, toMs);
  while (requests > mostEvents && spanMs > shortestMs) {
    spanMs /= 2;
    requests = await recordings.count(toMs - spanMs, toMs);
  }
  const fromMs = toMs - spanMs;
  const iso = (ms: number) => new Date(ms).toISOString();
  const span = {
    split,
    from: iso(fromMs),
    to: iso(toMs),
    days: spanMs / dayMs,
    requests,
    isShortened: spanMs < usualMs,
  };
  if (requests === 0 || requests > mostEvents) return { ...span, was: null, becomes: null };
  const start = (policy: Policy) => startReplay(trialOf(control, policy, { registered, untilMs: toMs }));
  const replays = { was: was === null ? null : start(was), becomes: start(becomes) };
  await recordings.lines({ fromMs, toMs, withPolicies: false }, (line) => {
    replays.was?.read(line);
    replays.becomes.read(line);
  });
  const outcome = ({ rollback_at, red_line }: ReplayReport): Outcome => ({ rollback_at, red_line });
  return {
    ...span,
    was: replays.was === null ? null : outcome(replays.was.finish()),
    becomes: outcome(replays.becomes.finish()),
  };
}
