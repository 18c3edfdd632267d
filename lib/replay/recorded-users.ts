import { gridIndex } from '@/lib/rule/buckets/history';
import type { FirstOfUsers, RepeatedSpan, Repeats } from '@/lib/rule/facts';
import { FirstRows, repeatsOfUsers } from '@/lib/rule/users';
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
  return repeatsOfUsers(users.values(), all);
}

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
  const firsts = new FirstRows(quartilesMs);
  for (const { event, role } of rows)
    firsts.add(
      bucket[event] ?? 0,
      role,
      user[event] ?? 0,
      kind[event] === kinds.failure,
      latencyMs[event] ?? Number.NaN,
    );
  return firsts.found();
}
