import { expect, it } from 'vitest';
import { armColour, armOrder, byArm } from '@/app/_components/state/arm-colour';
import { withArmAgain, withoutArm } from '@/app/_components/state/arm-moves';
import { hasEnough, requestsOf } from '@/app/_components/state/candidates';
import type { ArmView, PlanStep } from '@/lib/api/snapshot';
import { fakeSnapshot } from '../../fakes/snapshot';

const step = (name: string, share: number): PlanStep => ({
  ...{ name, weights: { old: 1 - 2 * share, x: share, y: share }, observe_seconds: 60 },
  ...{ state: 'current', entered_at: null, by: null },
});
const split = { baseline: 'old', plan: [step('D1', 0.1), step('D2', 0.3)] };
const arm = (name: string, role: ArmView['role'], requests: number): ArmView => ({
  ...{ name, role, requests, share: 0.1, provider: 'fal', model: null, stage: 'D1' },
  ...{ rollout_started_at: null, latched: null },
});
const arms = [arm('old', 'baseline', 0), arm('x', 'candidate', 20), arm('y', 'candidate', 900)];
const two = fakeSnapshot({ arms, baseline: 'old', candidate: 'x', weights: { old: 0.8, x: 0.1, y: 0.1 } });

it('an arm that is rolled back alone leaves its share to the baseline', () => {
  expect(withoutArm({ ...split, weights: { old: 0.7, x: 0.1, y: 0.2 } }, 'y')).toEqual({ old: 0.9, x: 0.1, y: 0 });
});

it('an arm that is re-armed takes its share of the first stage from the baseline', () => {
  expect(withArmAgain({ ...split, weights: { old: 0.7, x: 0.3, y: 0 } }, 'y')).toEqual({ old: 0.6, x: 0.3, y: 0.1 });
});

it('each arm has a colour of its own, in the order of the policy', () => {
  const order = armOrder(two);
  expect(order).toEqual(['old', 'x', 'y']);
  expect(order.map((name) => armColour(order, name))).toEqual([
    'var(--series-baseline)',
    'var(--series-candidate)',
    'var(--series-candidate-2)',
  ]);
  expect(armColour(order, 'gone')).toBe('var(--line-strong)');
  expect(['gone', 'y', 'away', 'old'].toSorted(byArm(order))).toEqual(['old', 'y', 'away', 'gone']);
});

it('what is asked of a candidate is counted of it', () => {
  expect([requestsOf(two, 'x'), requestsOf(two, 'y')]).toEqual([20, 900]);
  expect([hasEnough(two, 'x'), hasEnough(two, 'y')]).toEqual([false, true]);
});
