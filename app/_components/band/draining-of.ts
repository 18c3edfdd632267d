import type { InFlight } from '@/lib/api/jobs-view';
import type { Snapshot } from '@/lib/api/snapshot';

interface Draining {
  readonly jobs: number;
  readonly arms: readonly string[];
}

/** What runs on at arms without a share: what is asked for until it ends, and what nobody can ask for now. */
export function drainingOf(
  inFlight: readonly Pick<InFlight, 'arm' | 'jobs' | 'blocked'>[],
  weights: Snapshot['weights'],
): { readonly followed: Draining; readonly blocked: Draining } {
  const running = inFlight.filter(({ arm }) => (weights[arm] ?? 0) === 0);
  return {
    followed: together(running.map(({ arm, jobs, blocked }) => ({ arm, jobs: jobs - blocked }))),
    blocked: together(running.map(({ arm, blocked }) => ({ arm, jobs: blocked }))),
  };
}

function together(each: readonly { readonly arm: string; readonly jobs: number }[]): Draining {
  const some = each.filter(({ jobs }) => jobs > 0);
  return { jobs: some.reduce((sum, { jobs }) => sum + jobs, 0), arms: [...new Set(some.map(({ arm }) => arm))] };
}
