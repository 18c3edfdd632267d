import { Timeline } from '@/lib/replay/timeline';
import {
  atOnce,
  columns,
  delayAtoms,
  gridMs,
  type History,
  priceColumns,
  slowLimitOf,
  type Totals,
} from '@/lib/rule/buckets/history';
import type { Trace } from './make-trace';
import type { Arm, Rows } from './rows';

type Column = (typeof columns)[number];
type Sums = Readonly<Record<Column, Float64Array>>;

/** The whole of a trace as the rule reads it, as a tick would have it from the log. */
export function historyOfTrace(trace: Trace): Timeline {
  const { origin, end, policy, model } = trace;
  const timeline = new Timeline(origin, slowLimitOf(policy), Math.ceil((end - origin) / 2) + 1, binsOf(trace));
  timeline.reach(end);
  const size = end - origin + 1;
  const sums = { candidate: sumsOf(size), baseline: sumsOf(size), unattributed: new Float64Array(size) };
  count(trace, sums, timeline.slowLimitMs ?? Number.POSITIVE_INFINITY);
  for (const arm of ['candidate', 'baseline'] as const) put(timeline, sums[arm], arm);
  for (let slot = 0; slot < size; slot++) {
    const amount = sums.unattributed[slot] ?? 0;
    if (amount === 0) continue;
    timeline.add(timeline.unattributed, slot + origin, amount);
    timeline.add(timeline.everyone.vouchers, slot + origin, amount);
  }
  putPrices(timeline, trace);
  timeline.expect(delayAtoms(model.delays?.bins ?? null) ?? atOnce, 0);
  timeline.settle();
  return timeline;
}

/** Every latency of a span on its own: windows are small, and this is asked only for a value to show. */
function binsOf({ rows }: Trace): History['bins'] {
  return (role, from, to) => {
    const first = firstAfter(rows, from);
    const found = new Float64Array(firstAfter(rows, to) - first);
    let count = 0;
    for (let i = first; i < first + found.length; i++)
      if (role === 'everyone' || (rows.candidate[i] === 1) === (role === 'candidate'))
        found[count++] = rows.latencyMs[i] as number;
    return Array.from(found.subarray(0, count).sort(), (latency) => [latency, latency, 1]);
  };
}

/** Rows stand in the order of their steps. */
function firstAfter({ step, count }: Rows, from: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((step[middle] as number) <= from) low = middle + 1;
    else high = middle;
  }
  return low;
}

const sumsOf = (size: number): Sums =>
  Object.fromEntries(columns.map((name) => [name, new Float64Array(size)])) as Record<Column, Float64Array>;

interface TraceSums {
  readonly candidate: Sums;
  readonly baseline: Sums;
  readonly unattributed: Float64Array;
}

function count({ rows, origin, end, model, quartilesMs }: Trace, sums: TraceSums, slowLimitMs: number): void {
  const up = (column: Float64Array, slot: number) => {
    column[slot] = (column[slot] as number) + 1;
  };
  for (let i = 0; i < rows.count; i++) {
    const slot = (rows.step[i] as number) - origin;
    const arm = rows.candidate[i] ? sums.candidate : sums.baseline;
    const latencyMs = rows.latencyMs[i] as number;
    up(arm.requests, slot);
    up(rows.failed[i] ? arm.failures : arm.generated, slot);
    up(arm.latencies, slot);
    if (latencyMs >= slowLimitMs) up(arm.slow, slot);
    if (latencyMs >= quartilesMs[0]) up(arm.overQ1, slot);
    if (latencyMs >= quartilesMs[1]) up(arm.overQ2, slot);
    if (latencyMs >= quartilesMs[2]) up(arm.overQ3, slot);
    const came = Math.ceil((rows.voucherMs[i] as number) / gridMs);
    if (came > end) continue;
    if (!model.vouchersNamed) up(sums.unattributed, came - origin);
    // What was generated before the rollout does not count in it.
    else if ((rows.step[i] as number) > 0) up(arm.vouchers, came - origin);
  }
}

const rolesOf = { candidate: ['candidate', 'everyone'], baseline: ['baseline', 'everyone'] } as const;

function put(timeline: Timeline, sums: Sums, arm: Arm): void {
  for (const role of rolesOf[arm]) {
    const totals: Totals = timeline[role];
    for (const name of columns) {
      const column = sums[name];
      for (let slot = 1; slot < column.length; slot++)
        if (column[slot] !== 0) timeline.add(totals[name], slot + timeline.origin, column[slot] as number);
    }
  }
}

/** One entry a key, arm and bucket: rows come in the order of their steps. */
function putPrices(timeline: Timeline, { rows, model, end, origin }: Trace): void {
  const size = end - origin + 1;
  for (const [price, key] of model.prices.keys.entries())
    for (const arm of ['candidate', 'baseline'] as const) {
      const [priced, costNano, costNanoSquared] = priceColumns.map(() => new Float64Array(size));
      if (!priced || !costNano || !costNanoSquared) continue;
      for (let i = 0; i < rows.count; i++) {
        if (rows.failed[i] || rows.price[i] !== price || (rows.candidate[i] === 1) !== (arm === 'candidate')) continue;
        const slot = (rows.step[i] as number) - origin;
        const cost = rows.costNano[i] as number;
        priced[slot] = (priced[slot] as number) + 1;
        costNano[slot] = (costNano[slot] as number) + cost;
        costNanoSquared[slot] = (costNanoSquared[slot] as number) + cost * cost;
      }
      for (let slot = 1; slot < size; slot++) {
        const n = priced[slot] as number;
        if (n === 0) continue;
        const sum = { priced: n, costNano: costNano[slot] as number, costNanoSquared: costNanoSquared[slot] as number };
        timeline.addPrice(arm, slot + origin, { key, ...sum });
      }
    }
}
