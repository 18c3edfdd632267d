import { describe, expect, it } from 'vitest';
import { type SeenInstance, seenByAll } from '@/lib/control/rollout/as-instances-say';

const router = (version: number | null, more: Partial<SeenInstance> = {}) =>
  ({ id: 'web', kind: 'web', version, seenAtMs: 0, providers: {}, assigned: {}, ...more }) as SeenInstance;

describe('a version is seen by all', () => {
  it.each([
    ['when every router goes by it', [router(4), router(4)], 4, true],
    ['not while one goes by an older one', [router(4), router(3)], 4, false],
    ['not while one has read none', [router(null)], 4, false],
    ['when there is no row, and nobody has read one', [router(null)], 0, true],
    ['not when the row is gone, and one still goes by it', [router(4)], 0, false],
    ['when nobody routes', [router(3, { kind: 'watchdog' }), router(3, { seenAtMs: -60_000 })], 4, true],
  ])('%s', (_, instances, version, seen) => {
    expect(seenByAll(instances, version, 0)).toBe(seen);
  });
});
