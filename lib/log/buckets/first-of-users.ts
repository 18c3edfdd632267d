import { gridIndex } from '@/lib/rule/buckets/history';
import type { FirstOfUsers } from '@/lib/rule/facts';

/** One side of one bucket, as `sluice.first_of_users_of` gives it: in order of time. */
export interface FirstRows {
  readonly atMs: number;
  readonly isCandidate: boolean;
  readonly rows: number;
  readonly failed: number;
  readonly slow: readonly number[];
}

type Side = FirstOfUsers['buckets'][number]['candidate'];
const nothing: Side = [0, 0, 0, 0, 0];

export function bucketsOfUsers(rows: readonly FirstRows[]): FirstOfUsers {
  const buckets = new Map<number, FirstOfUsers['buckets'][number]>();
  for (const { atMs, isCandidate, rows: count, failed, slow } of rows) {
    const index = gridIndex(atMs);
    const side: Side = [count, failed, slow[0] ?? 0, slow[1] ?? 0, slow[2] ?? 0];
    const known = buckets.get(index) ?? { index, candidate: nothing, baseline: nothing };
    buckets.set(index, { ...known, [isCandidate ? 'candidate' : 'baseline']: side });
  }
  return { buckets: [...buckets.values()] };
}
