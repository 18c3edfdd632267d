import fc from 'fast-check';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import type { Weights } from '@/lib/split/weights';

/** A plan for up to seven candidates in which none falls and one rises at each step. */
export const plans = fc
  .record({
    n: fc.integer({ min: 1, max: 7 }),
    steps: fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 7, maxLength: 7 }), {
      minLength: 1,
      maxLength: 4,
    }),
    rolledTo: fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 7, maxLength: 7 }),
  })
  .map(({ n, steps, rolledTo }): Policy => {
    const candidates = Array.from({ length: n }, (_, i) => `c${i}`);
    const weightsOf = (parts: readonly number[]): Weights => ({
      base: (200 - parts.reduce((sum, part) => sum + part, 0)) / 200,
      ...Object.fromEntries(candidates.map((arm, i) => [arm, (parts[i] ?? 0) / 200])),
    });
    const first = rolledTo.slice(0, n);
    const all: number[][] = [];
    for (const [k, step] of steps.entries())
      all.push((all.at(-1) ?? first).map((part, i) => part + (step[i] ?? 0) + (i === k % n ? 1 : 0)));
    return {
      ...defaultPolicy,
      baseline: 'base',
      candidates,
      stages: all.map((parts, i) => ({ name: `S${i}`, weights: weightsOf(parts), observeSeconds: 60 })),
      rollback: weightsOf(first),
    };
  });
