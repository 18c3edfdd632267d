import type { MetricsStore, PinnedRequests } from '@/lib/log/buckets/metrics-store';
import type { Policy } from '@/lib/split/policy/policy';

const spanMs = 3_600_000;

interface PinnedShare extends PinnedRequests {
  /** Of all first attempts of the last hour, drawn or not. */
  readonly share: number;
}

/** What was pinned in the last hour, and how much of the traffic that was. */
export async function pinnedShares(
  metrics: Pick<MetricsStore, 'pinned' | 'requests'>,
  { baseline, candidates }: Policy,
  nowMs: number,
): Promise<readonly PinnedShare[]> {
  const rows = await metrics.pinned(nowMs - spanMs);
  if (rows.length === 0) return [];
  const drawn = await Promise.all([baseline, ...candidates].map((arm) => metrics.requests(arm, nowMs - spanMs, nowMs)));
  const all = [...drawn, ...rows.map(({ requests }) => requests)].reduce((sum, n) => sum + n, 0);
  return rows.map((row) => ({ ...row, share: row.requests / Math.max(1, all) }));
}

export function byArm(shares: readonly PinnedShare[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { arm, share } of shares) sums[arm] = (sums[arm] ?? 0) + share;
  return sums;
}
