import type { Bucket, PricesOfKey } from '@/lib/rule/buckets/bucket';

/** As many keys as one bucket has. Each has sums of its own at every instant, so that a key for every row would be dear. */
export const mostPriceKeys = 32;

/** The buckets with their most frequent price keys only; rows of the others are priced rows without a key. */
export function withUsualPrices(buckets: readonly Bucket[]): readonly Bucket[] {
  const rows = new Map<string, number>();
  for (const { prices } of buckets) for (const { key, priced } of prices) rows.set(key, (rows.get(key) ?? 0) + priced);
  if (rows.size <= mostPriceKeys) return buckets;
  const usual = new Set(mostFrequent([...rows]));
  const isUsual = ({ key }: PricesOfKey) => usual.has(key);
  return buckets.map((each) => (each.prices.every(isUsual) ? each : { ...each, prices: each.prices.filter(isUsual) }));
}

/** The same of one span's prices; those without a key, and of keys that are not usual, stand under ''. */
export function usualPrices(prices: readonly PricesOfKey[]): readonly PricesOfKey[] {
  const named = prices.filter(({ key }) => key !== '');
  if (named.length <= mostPriceKeys) return prices;
  const usual = new Set(mostFrequent(named.map(({ key, priced }) => [key, priced])));
  const others = prices.filter(({ key }) => !usual.has(key));
  const rest = { key: '', priced: 0, costNano: 0, costNanoSquared: 0 };
  for (const each of others) {
    rest.priced += each.priced;
    rest.costNano += each.costNano;
    rest.costNanoSquared += each.costNanoSquared;
  }
  return [rest, ...prices.filter(({ key }) => usual.has(key))];
}

function mostFrequent(rows: readonly (readonly [key: string, priced: number])[]): string[] {
  const ordered = [...rows].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return ordered.slice(0, mostPriceKeys).map(([key]) => key);
}
