import { expect, it } from 'vitest';
import { isTheirsToo } from '@/app/_components/state/lines/is-theirs-too';
import { nearestLine } from '@/app/_components/state/lines/nearest-line';
import { overSince } from '@/app/_components/state/lines/over-since';
import { fakeLine } from '@/test/fakes/snapshot';

const clock = (time: string) => `2026-03-02T${time}.000Z`;
const at = (time: string) => Date.parse(clock(time));

it('adds up with the countdown to the rollback: what is over and what is left are the hold', () => {
  const line = fakeLine({ verdict: 'breach', breached_for_seconds: 250, acts_at: clock('11:30:40') });
  expect(overSince(line, at('11:29:50'), at('11:29:56'))).toEqual({ at: clock('11:25:40'), seconds: 256 });
  expect(overSince(line, at('11:29:50'), at('11:31:00')).seconds).toBe(300);
});

it('counts back from the judgement where nothing is rolled back, and no further than the hold', () => {
  const signal = fakeLine({ verdict: 'breach', breached_for_seconds: 60 });
  expect(overSince(signal, at('11:30:00'), at('11:30:05'))).toEqual({ at: clock('11:29:00'), seconds: 65 });
  // Read again before the next tick it has begun at the same instant.
  expect(overSince(signal, at('11:30:08'), at('11:30:09'))).toEqual({ at: clock('11:29:00'), seconds: 69 });
  const held = fakeLine({ verdict: 'held', breached_for_seconds: 300 });
  expect(overSince(held, at('11:30:00'), at('11:30:05'))).toEqual({ at: null, seconds: 300 });
});

it('is nearest to its line with the least of it left, and not where nothing is known', () => {
  const [far, near] = [fakeLine({ value: 0.004 }), fakeLine({ metric: 'cost_per_image', value: 0.019, limit: 0.024 })];
  expect(nearestLine([fakeLine({ value: null }), fakeLine({ limit: null }), far, near])).toBe(near);
  expect(nearestLine([fakeLine({ value: null })])).toBeNull();
});

it('is over with both where the baseline is over the same line, as the line is read', () => {
  const both = (baseline_value: number | null, comparison: '>' | '>=' = '>') =>
    isTheirsToo(fakeLine({ verdict: 'breach', limit: 0.02, baseline_value, comparison }));
  expect([both(1), both(0.02), both(0.02, '>='), both(0.01), both(null)]).toEqual([true, false, true, false, false]);
});
