import { describe, expect, it } from 'vitest';
import { studentTail } from '@/lib/rule/stats/student';

// P[T ≥ t], computed apart from this code with 80-digit decimals by the finite series for even degrees of freedom.
const known: readonly (readonly [t: number, freedom: number, tail: number])[] = [
  [0.5, 2, 0.3333333333333333],
  [3.0, 2, 0.04773298313335456],
  [100.0, 2, 4.999250124978129e-5],
  [2.0, 4, 0.058058261758407795],
  [8.5, 4, 0.000525289035394625],
  [40.0, 4, 1.1670081613006343e-6],
  [1.0, 10, 0.17044656615102993],
  [4.0, 10, 0.0012591663123683462],
  [12.0, 10, 1.4607044123849935e-7],
  [3.719, 98, 0.00016668370250398924],
  [6.0, 98, 1.6611550221346295e-8],
  [0.1, 98, 0.4602743057707267],
  [4.2, 1000, 1.4536461082637927e-5],
  [10.0, 1000, 8.335351479300033e-23],
  [3.7, 20000, 0.00010808859299060508],
  [15.0, 20000, 6.918109338341631e-51],
  [4.0, 200000, 3.1682618854017015e-5],
];

describe("the tail of Student's distribution", () => {
  it.each(known)('P[T ≥ %d] with %i degrees of freedom is %d', (t, freedom, tail) => {
    expect(Math.abs(studentTail(t, freedom) / tail - 1)).toBeLessThan(1e-9);
  });

  it('is the arc tangent with one degree of freedom', () => {
    for (const t of [0.1, 1, 7, 300]) expect(studentTail(t, 1)).toBeCloseTo(0.5 - Math.atan(t) / Math.PI, 12);
  });

  it('is symmetric about one half', () => {
    expect(studentTail(0, 8)).toBe(0.5);
    expect(studentTail(-2, 8)).toBeCloseTo(1 - studentTail(2, 8), 15);
    expect(studentTail(Number.POSITIVE_INFINITY, 8)).toBe(0);
  });
});
