import type { Asking, Dialect, Pace, PollRule, RequestRule } from '@/lib/registry/dialects/dialect';

/** Our own looks: a caller who asks for its job itself puts them off. */
export const usualPace: Pace = { firstMs: 10_000, floorMs: 5000, mostMs: 30_000, ageLimitMs: 2 * 3_600_000 };

export const byPath = (
  does: PollRule['does'],
  method: string,
  path: string,
  more: Pick<PollRule, 'makes'> = {},
): PollRule => ({ ...{ method, path, does }, idAt: { in: 'path', name: 'id' }, ...more });

export const post = (...paths: readonly string[]): readonly RequestRule[] =>
  paths.map((path) => ({ method: 'POST', path }));

export const get = (path: string): Asking => ({ method: 'GET', path });

/** An id that no job has. */
export const nobody = '00000000-0000-4000-8000-000000000000';

/** What is no dialect's own. */
export const noJobs = {
  creates: [],
  polls: [],
  lists: [],
  reading: null,
  modelAt: [],
  free: [],
} satisfies Partial<Dialect>;
