import type { InFlight } from '@/lib/api/jobs-view';
import type { Snapshot } from '@/lib/api/snapshot';

interface Draining {
  readonly jobs: number;
  readonly arms: readonly string[];
  /** When the last has ended at the latest; null: not known of all, or over, and they run on all the same. */
  readonly endsBy: string | null;
}

type Running = Pick<InFlight, 'arm' | 'jobs' | 'ends_by'>;

/** What runs on at arms without a share: what is asked for until it ends, and what nobody can ask for now. */
export function drainingOf(
  inFlight: readonly Pick<InFlight, 'arm' | 'jobs' | 'blocked' | 'ends_by'>[],
  weights: Snapshot['weights'],
  nowMs: number,
): { readonly followed: Draining; readonly blocked: Draining } {
  const running = inFlight.filter(({ arm }) => (weights[arm] ?? 0) === 0);
  return {
    followed: together(
      running.map((each) => ({ ...each, jobs: each.jobs - each.blocked })),
      nowMs,
    ),
    blocked: together(
      running.map((each) => ({ ...each, jobs: each.blocked, ends_by: null })),
      nowMs,
    ),
  };
}

function together(each: readonly Running[], nowMs: number): Draining {
  const some = each.filter(({ jobs }) => jobs > 0);
  const ends = some.flatMap(({ ends_by: end }) => (end === null ? [] : [end])).sort();
  const last = ends.at(-1);
  return {
    jobs: some.reduce((sum, { jobs }) => sum + jobs, 0),
    arms: [...new Set(some.map(({ arm }) => arm))],
    endsBy: last !== undefined && ends.length === some.length && Date.parse(last) > nowMs ? last : null,
  };
}
