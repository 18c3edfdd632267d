import { describe, expect, it } from 'vitest';
import { atOnce, delayAtoms, expose } from '@/lib/rule/buckets/history';

describe('how long vouchers take', () => {
  it('is not known of fewer than twenty', () => {
    expect([delayAtoms(null), delayAtoms([[600, 19]])]).toEqual([null, null]);
    expect(delayAtoms([[600, 20]])).toEqual([[60, 1]]);
  });

  it('is cut into equal parts that keep their mean, whatever the order', () => {
    const bins = Array.from({ length: 200 }, (_, i) => [i * 30, 1] as const);
    const atoms = delayAtoms([...bins].reverse()) ?? [];
    expect(atoms.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(atoms.reduce((sum, [steps, share]) => sum + steps * share, 0)).toBeCloseTo((199 * 30) / 2 / 10, 0);
    expect(atoms.length).toBeLessThanOrEqual(33);
    expect(delayAtoms([[999_999, 50]])).toEqual([[8640, 1]]);
  });
});

describe('what can have come back', () => {
  const made = Float64Array.from([0, 10, 20, 0, 0, 40]);
  const exposed = (atoms: Parameters<typeof expose>[2], born = -1) => {
    const exposure = new Float64Array(made.length).fill(7);
    expose(exposure, made, atoms, { first: 0, last: made.length - 1, born });
    return [...exposure];
  };

  it('is what was made, where vouchers come at once', () => expect(exposed(atOnce)).toEqual([...made]));

  it('comes later by as much as they take, and not at all of what was made before', () => {
    expect(
      exposed([
        [2, 0.5],
        [3, 0.5],
      ]),
    ).toEqual([0, 0, 0, 5, 15, 10]);
    expect(
      exposed(
        [
          [2, 0.5],
          [3, 0.5],
        ],
        1,
      ),
    ).toEqual([0, 0, 0, 0, 10, 10]);
  });
});
