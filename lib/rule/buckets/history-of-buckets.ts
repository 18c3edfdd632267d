import { type ArmPolicy, firstArm, type Policy } from '@/lib/split/policy/policy';
import { type Bucket, binEnd, gridSeconds, type PricesOfKey } from './bucket';
import { atOnce, delayAtoms, expose } from './exposure';
import { Histogram } from './histogram';
import {
  columns,
  emptyPrices,
  emptyTotals,
  gridIndex,
  type History,
  type HistoryBasis,
  type PriceTotals,
  plainBasis,
  priceColumns,
  type Quartiles,
  type Role,
  slowLimitOf,
  type Totals,
} from './history';

/** The history that `decide` reads, from the buckets of (sinceMs, untilMs] in any order. */
export function historyOf(
  buckets: readonly Bucket[],
  policy: Policy,
  sinceMs: number,
  untilMs: number,
  basis: HistoryBasis = plainBasis,
): History {
  const origin = gridIndex(sinceMs);
  const end = Math.max(origin, gridIndex(untilMs));
  const inside = buckets.filter((each) => gridIndex(each.atMs) > origin && gridIndex(each.atMs) <= end);
  const length = end - origin + 1;
  const arm = firstArm(policy);
  const slowLimitMs = slowLimitOf(policy);
  const limits = { slowLimitMs, quartilesMs: basis.quartilesMs };
  const floor = gridIndex(basis.floorMs);
  const roles = { candidate: emptyTotals(length), baseline: emptyTotals(length), everyone: emptyTotals(length) };
  const unattributed = new Float64Array(length);
  const prices = new Map<string, { candidate: PriceTotals; baseline: PriceTotals }>();
  for (const bucket of inside) {
    const index = gridIndex(bucket.atMs);
    const slot = index - origin;
    const latencies = latenciesOf(bucket, limits);
    const stale = staleVouchers(bucket, index - floor);
    for (const role of rolesOf(bucket, arm)) {
      add(roles[role], slot, bucket, latencies);
      if (role === 'everyone') continue;
      // The global rate has no floor: its vouchers do not say which generation they are about.
      put(roles[role].vouchers, slot, -stale);
      for (const each of pricesOf(bucket)) {
        const known = prices.get(each.key) ?? { candidate: emptyPrices(length), baseline: emptyPrices(length) };
        prices.set(each.key, known);
        addPrices(known[role], slot, each);
      }
    }
    if (bucket.provider === '') put(unattributed, slot, bucket.vouchers);
  }
  const atoms = delayAtoms(basis.voucherDelays) ?? atOnce;
  for (const [role, totals] of Object.entries(roles)) {
    const born = role === 'everyone' ? -1 : Math.max(-1, floor - origin);
    expose(totals.exposure, totals.generated, atoms, { first: 0, last: length - 1, born });
    for (const name of columns) accumulate(totals[name]);
  }
  for (const each of prices.values())
    for (const name of priceColumns) {
      accumulate(each.candidate[name]);
      accumulate(each.baseline[name]);
    }
  accumulate(unattributed);
  return { origin, end, slowLimitMs, ...roles, prices, unattributed, bins: binsOf(inside, arm) };
}

function rolesOf(bucket: Bucket, policy: ArmPolicy): Role[] {
  if (bucket.provider === policy.candidate) return ['candidate', 'everyone'];
  return bucket.provider === policy.baseline ? ['baseline', 'everyone'] : ['everyone'];
}

function add(totals: Totals, slot: number, bucket: Bucket, { latencies, slow, overQ }: Latencies): void {
  put(totals.requests, slot, bucket.requests);
  put(totals.failures, slot, bucket.failures);
  put(totals.latencies, slot, latencies);
  put(totals.slow, slot, slow);
  put(totals.priced, slot, bucket.priced);
  put(totals.costNano, slot, bucket.costNano);
  put(totals.costNanoSquared, slot, bucket.costNanoSquared);
  put(totals.generated, slot, bucket.generated);
  put(totals.vouchers, slot, bucket.vouchers);
  put(totals.overQ1, slot, overQ[0]);
  put(totals.overQ2, slot, overQ[1]);
  put(totals.overQ3, slot, overQ[2]);
}

function put(column: Float64Array, slot: number, amount: number): void {
  column[slot] = (column[slot] ?? 0) + amount;
}

/** Of a bucket's vouchers those whose generation is older than the bucket is from the floor. */
function staleVouchers(bucket: Bucket, stepsSinceFloor: number): number {
  let stale = 0;
  for (const [seconds, count] of bucket.ages) if (seconds >= stepsSinceFloor * gridSeconds) stale += count;
  return stale;
}

function addPrices(totals: PriceTotals, slot: number, { priced, costNano, costNanoSquared }: PricesOfKey): void {
  put(totals.priced, slot, priced);
  put(totals.costNano, slot, costNano);
  put(totals.costNanoSquared, slot, costNanoSquared);
}

/** All priced rows; those without a key, as of an older log, stand under ''. */
function pricesOf(bucket: Bucket): readonly PricesOfKey[] {
  if (bucket.priced === 0) return [];
  let { priced, costNano, costNanoSquared } = bucket;
  for (const each of bucket.prices) {
    priced -= each.priced;
    costNano -= each.costNano;
    costNanoSquared -= each.costNanoSquared;
  }
  return priced > 0 ? [...bucket.prices, { key: '', priced, costNano, costNanoSquared }] : bucket.prices;
}

interface Limits {
  readonly slowLimitMs: number | null;
  readonly quartilesMs: Quartiles | null;
}

interface Latencies {
  readonly limits: Limits;
  readonly latencies: number;
  readonly slow: number;
  readonly overQ: Quartiles;
}

/** A tick sees the same few thousand buckets as the one before it; counting their bins anew was most of its work. */
const counted = new WeakMap<Bucket, Latencies>();

function latenciesOf(bucket: Bucket, limits: Limits): Latencies {
  const known = counted.get(bucket);
  if (known !== undefined && sameLimits(known.limits, limits)) return known;
  let [latencies, slow] = [0, 0];
  const over: [number, number, number] = [0, 0, 0];
  const { slowLimitMs, quartilesMs } = limits;
  for (const [edge, count] of bucket.bins) {
    latencies += count;
    if (slowLimitMs !== null && edge >= slowLimitMs) slow += count;
    if (quartilesMs === null) continue;
    if (edge >= quartilesMs[0]) over[0] += count;
    if (edge >= quartilesMs[1]) over[1] += count;
    if (edge >= quartilesMs[2]) over[2] += count;
  }
  const fresh = { limits, latencies, slow, overQ: over };
  counted.set(bucket, fresh);
  return fresh;
}

function sameLimits(a: Limits, b: Limits): boolean {
  return (
    a.slowLimitMs === b.slowLimitMs && (a.quartilesMs === b.quartilesMs || `${a.quartilesMs}` === `${b.quartilesMs}`)
  );
}

function accumulate(column: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < column.length; i++) {
    sum += column[i] ?? 0;
    column[i] = sum;
  }
}

/** Emptied before each use; nothing in here waits. */
const merged = new Histogram();

function binsOf(buckets: readonly Bucket[], policy: ArmPolicy): History['bins'] {
  return (role, from, to) => {
    merged.clear();
    for (const bucket of buckets) {
      const index = gridIndex(bucket.atMs);
      if (index <= from || index > to || !rolesOf(bucket, policy).includes(role)) continue;
      merged.addBins(bucket.bins);
    }
    return merged.bins().map(([edge, count]) => [edge, binEnd(edge), count]);
  };
}
