import { describe, expect, it } from 'vitest';
import { shareRest, weightsFrom } from '@/app/_components/state/policy/weights-draft';

describe('weights by hand', () => {
  it.each([
    [{ runware: 10 }, 0.9],
    [{ runware: 100 }, 0],
    [{ runware: 33.3, other: 66.7 }, 0],
    [{ runware: 100.1 }, null],
    [{ runware: -1 }, null],
    [{ runware: Number.NaN }, null],
  ])('%j leave the baseline %s', (percents, rest) => {
    expect(shareRest(percents)).toBe(rest);
  });

  it('sum to 1, the baseline first', () => {
    expect(weightsFrom({ runware: 12.5 }, 'fal')).toEqual({ fal: 0.875, runware: 0.125 });
    const thirds = weightsFrom({ runware: 33.333333, other: 33.333333 }, 'fal');
    expect(Object.values(thirds).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  });
});
