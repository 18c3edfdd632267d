import { gridIndex } from '@/lib/rule/buckets/history';
import type { FirstOfUsers, RepeatLookup } from '@/lib/rule/facts';
import type { NeighbourLookup } from '@/lib/rule/gauges/gauge';
import { FirstRows, repeatsOfUsers } from '@/lib/rule/users';
import type { Trace } from './make-trace';

export interface TraceLookups {
  readonly neighbours: NeighbourLookup;
  readonly repeats: RepeatLookup;
  readonly firstOfUsers: (sinceMs: number) => FirstOfUsers;
}

/** What the log is asked beside its buckets, answered from the rows. */
export function lookupsOf(trace: Trace): TraceLookups {
  const starts = startsOf(trace);
  const within = (fromMs: number, toMs: number): [number, number] => [
    starts[slotOf(trace, fromMs) + 1] ?? 0,
    starts[slotOf(trace, toMs) + 1] ?? trace.rows.count,
  ];
  return {
    neighbours: neighboursOf(trace, within),
    repeats: repeatsOf(trace, within),
    firstOfUsers: firstOf(trace, within),
  };
}

type Within = (fromMs: number, toMs: number) => [first: number, end: number];

const slotOf = ({ origin, end }: Trace, atMs: number): number =>
  Math.min(Math.max(gridIndex(atMs), origin), end) - origin;

/** The first row of each slot; rows stand in the order of their steps. */
function startsOf({ rows, origin, end }: Trace): Int32Array {
  const starts = new Int32Array(end - origin + 2).fill(rows.count);
  for (let i = rows.count - 1; i >= 0; i--) starts[(rows.step[i] as number) - origin] = i;
  for (let slot = starts.length - 2; slot >= 0; slot--)
    if ((starts[slot] as number) > (starts[slot + 1] as number)) starts[slot] = starts[slot + 1] as number;
  return starts;
}

function neighboursOf({ rows }: Trace, within: Within): NeighbourLookup {
  return ({ role, fromMs, toMs, limitMs }) => {
    const [first, end] = within(fromMs, toMs);
    let [below, atOrAbove] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = first; i < end; i++) {
      if (role !== 'everyone' && (rows.candidate[i] === 1) !== (role === 'candidate')) continue;
      const latencyMs = rows.latencyMs[i] as number;
      if (latencyMs < limitMs) below = Math.max(below, latencyMs);
      else atOrAbove = Math.min(atOrAbove, latencyMs);
    }
    return { below: Number.isFinite(below) ? below : null, atOrAbove: Number.isFinite(atOrAbove) ? atOrAbove : null };
  };
}

function repeatsOf({ rows, model }: Trace, within: Within): RepeatLookup {
  // A course may name users of its own beside the model's.
  let most = 0;
  for (let i = 0; i < rows.count; i++) most = Math.max(most, rows.user[i] as number);
  if (most === 0) return () => (model.users === 0 ? repeatsOfUsers([], 0) : null);
  const [part, seen, hits] = [new Int32Array(most + 1), new Int32Array(most + 1), new Int32Array(most + 1)];
  return ({ role, fromMs, toMs, limitMs, partSinceMs }) => {
    const [first, end] = within(fromMs, toMs);
    const [earliest] = within(partSinceMs, toMs);
    const users: number[] = [];
    let all = 0;
    for (let i = earliest; i < end; i++) {
      if (role !== 'everyone' && (rows.candidate[i] === 1) !== (role === 'candidate')) continue;
      all++;
      const user = rows.user[i] as number;
      if (user === 0) continue;
      if (part[user] === 0) users.push(user);
      part[user] = (part[user] as number) + 1;
      if (i < first) continue;
      seen[user] = (seen[user] as number) + 1;
      const isHit = limitMs === null ? rows.failed[i] === 1 : (rows.latencyMs[i] as number) >= limitMs;
      if (isHit) hits[user] = (hits[user] as number) + 1;
    }
    const found = users.map((user) => {
      const rowsOf = { part: part[user] as number, rows: seen[user] as number, hits: hits[user] as number };
      part[user] = 0;
      seen[user] = 0;
      hits[user] = 0;
      return rowsOf;
    });
    return repeatsOfUsers(found, all);
  };
}

function firstOf({ rows, quartilesMs, end }: Trace, within: Within): (sinceMs: number) => FirstOfUsers {
  return (sinceMs) => {
    const firsts = new FirstRows(quartilesMs);
    const [first] = within(sinceMs, sinceMs);
    for (let i = first; i < rows.count; i++) {
      const index = rows.step[i] as number;
      if (index > end) continue;
      const role = rows.candidate[i] ? 'candidate' : 'baseline';
      firsts.add(index, role, rows.user[i] as number, rows.failed[i] === 1, rows.latencyMs[i] as number);
    }
    return firsts.found();
  };
}
