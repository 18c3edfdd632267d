import { gridIndex } from '@/lib/rule/buckets/history';
import type { FirstOfUsers, RepeatedSpan, Repeats } from '@/lib/rule/facts';
import type { RecordedHistory } from './recorded-history';
import { kinds, type Recording } from './recording';

/** How a span clusters by user: see `Repeats`. */
export function recordedRepeats(recording: Recording, history: RecordedHistory, span: RepeatedSpan): Repeats {
  const { role, fromMs, toMs, limitMs, partSinceMs } = span;
  const [since, from] = [Math.min(gridIndex(partSinceMs), gridIndex(fromMs)), gridIndex(fromMs)];
  const users = new Map<number, { part: number; rows: number; hits: number }>();
  let all = 0;
  for (const event of history.attempts(role, since, gridIndex(toMs))) {
    const latency = recording.latencyMs[event] ?? Number.NaN;
    if (limitMs !== null && Number.isNaN(latency)) continue;
    all++;
    const user = recording.user[event] ?? 0;
    if (user === 0) continue;
    const seen = users.get(user) ?? { part: 0, rows: 0, hits: 0 };
    users.set(user, seen);
    seen.part++;
    if ((recording.bucket[event] ?? 0) <= from) continue;
    seen.rows++;
    if (limitMs === null ? recording.kind[event] === kinds.failure : latency >= limitMs) seen.hits++;
  }
  const sums = { rows: 0, rowsSquared: 0, hitsSquared: 0, hitsTimesRows: 0 };
  for (const { part, rows, hits } of users.values()) {
    if (part * 5 > all) continue;
    sums.rows += rows;
    sums.rowsSquared += rows * rows;
    sums.hitsSquared += hits * hits;
    sums.hitsTimesRows += hits * rows;
  }
  return sums;
}

type Counts = [number, number, number, number, number];

/** The first row of each user in the grid span (from, to], and every row without a user. */
export function recordedFirsts(
  recording: Recording,
  history: RecordedHistory,
  span: { readonly from: number; readonly to: number },
  quartilesMs: readonly number[],
): FirstOfUsers {
  const { bucket, user, kind, latencyMs, createdAt } = recording;
  const rows = (['candidate', 'baseline'] as const).flatMap((role) =>
    [...history.attempts(role, span.from, span.to)].map((event) => ({ event, role })),
  );
  rows.sort((a, b) => (createdAt[a.event] ?? 0) - (createdAt[b.event] ?? 0));
  const known = new Set<number>();
  const buckets = new Map<number, { index: number; candidate: Counts; baseline: Counts }>();
  for (const { event, role } of rows) {
    const who = user[event] ?? 0;
    if (who > 0 && known.has(who)) continue;
    known.add(who);
    const index = bucket[event] ?? 0;
    const found = buckets.get(index) ?? { index, candidate: [0, 0, 0, 0, 0], baseline: [0, 0, 0, 0, 0] };
    buckets.set(index, found);
    const counts: Counts = found[role];
    counts[0]++;
    if (kind[event] === kinds.failure) counts[1]++;
    const latency = latencyMs[event] ?? Number.NaN;
    if (latency >= (quartilesMs[0] ?? Number.NaN)) counts[2]++;
    if (latency >= (quartilesMs[1] ?? Number.NaN)) counts[3]++;
    if (latency >= (quartilesMs[2] ?? Number.NaN)) counts[4]++;
  }
  return { buckets: [...buckets.values()] };
}
