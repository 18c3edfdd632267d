import type { FirstOfUsers, Repeats } from './facts';

/** One user's rows: since `partSinceMs`, in the span, and the hits of the span. */
interface UserRows {
  readonly part: number;
  readonly rows: number;
  readonly hits: number;
}

/** A user with more than this part of the rows may be a team that sends one name for all its people. */
const mostOf = 1 / 5;

/** `Repeats` of the users of a span, of all whose rows since `partSinceMs` there are so many. */
export function repeatsOfUsers(users: Iterable<UserRows>, all: number): Repeats {
  const sums = { rows: 0, rowsSquared: 0, hitsSquared: 0, hitsTimesRows: 0 };
  for (const { part, rows, hits } of users) {
    if (part > all * mostOf) continue;
    sums.rows += rows;
    sums.rowsSquared += rows * rows;
    sums.hitsSquared += hits * hits;
    sums.hitsTimesRows += hits * rows;
  }
  return sums;
}

type Counts = [rows: number, failed: number, q1: number, q2: number, q3: number];

/** Rows in order of time, of which each user's first counts, and every one without a user. */
export class FirstRows {
  private readonly known = new Set<number>();
  private readonly buckets = new Map<number, { index: number; candidate: Counts; baseline: Counts }>();

  constructor(private readonly quartilesMs: readonly number[]) {}

  /** `user` is 0 for none; `latencyMs` NaN where there was no call. */
  add(index: number, role: 'candidate' | 'baseline', user: number, isFailure: boolean, latencyMs: number): void {
    if (user > 0 && this.known.has(user)) return;
    this.known.add(user);
    const bucket = this.buckets.get(index) ?? { index, candidate: [0, 0, 0, 0, 0], baseline: [0, 0, 0, 0, 0] };
    this.buckets.set(index, bucket);
    const counts: Counts = bucket[role];
    const [q1, q2, q3] = this.quartilesMs;
    counts[0]++;
    if (isFailure) counts[1]++;
    if (latencyMs >= (q1 ?? Number.NaN)) counts[2]++;
    if (latencyMs >= (q2 ?? Number.NaN)) counts[3]++;
    if (latencyMs >= (q3 ?? Number.NaN)) counts[4]++;
  }

  found(): FirstOfUsers {
    return { buckets: [...this.buckets.values()] };
  }
}
