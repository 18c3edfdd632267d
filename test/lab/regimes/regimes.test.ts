import { describe, expect, it } from 'vitest';
import { figuresOf } from '@/test/lab/bench/evidence/traffic';
import { type RuleName, tryRegime } from '@/test/lab/bench/evidence/try-regime';
import { regimeNamed } from '@/test/lab/regimes/regimes';

const seed = 20_260_302;
const tried = (name: string, perMinute: number, traces: number, rule: RuleName = 'new rule') =>
  figuresOf(tryRegime(regimeNamed(name), perMinute, { traces, seed, rules: [rule] }).found[rule]);

// A smaller, seeded edition of `npm run bench -- evidence`: what the rule does with traffic of both arms.
describe('the rule on traffic as it is met', () => {
  it.each([
    ['healthy-d1', 10, 60, 1],
    ['healthy-d1', 100, 40, 1],
    ['healthy-d2', 10, 40, 1],
    ['healthy-d2', 100, 30, 1],
    ['healthy-plan', 30, 20, 1],
    ['vouchers-late', 30, 20, 1],
    ['vouchers-growing', 30, 20, 1],
    ['cold-start', 100, 20, 1],
    ['d3-day', 5, 10, 0],
    ['loop-roaming', 1000, 3, 0],
    // What the rule for independent requests ended again and again.
    ['shared-10', 100, 20, 3],
    ['shared-outage', 100, 15, 1],
    ['bursts', 100, 20, 3],
    ['batches', 100, 20, 1],
    ['loop-sticky', 100, 15, 1],
    ['loop-roaming-tenth', 10, 20, 1],
    ['steady-1.5', 100, 20, 1],
    ['steady-1.9', 100, 20, 5],
    ['vouchers-lowered', 100, 10, 0],
    ['vouchers-evening', 100, 10, 0],
    ['vouchers-unnamed-5.5', 30, 15, 1],
    ['prices-mix-drifts', 30, 15, 1],
    ['cold-start', 10, 20, 3],
  ])('leaves %s alone at %d requests a minute', (name, perMinute, traces, most) => {
    expect(Math.round((tried(name, perMinute, traces).rolledBack * traces) / 100)).toBeLessThanOrEqual(most);
  });

  it.each([
    ['sick-outage', 10, 20, 5.5],
    ['sick-outage', 100, 10, 5.5],
    ['sick-outage-d1', 10, 20, 7.5],
    ['sick-outage-one-user', 10, 20, 5.5],
    ['sick-10', 100, 20, 6],
    ['sick-30-10', 100, 20, 8.2],
    ['sick-30-10-d1', 100, 20, 8.5],
    ['sick-rescues', 100, 20, 8.2],
    ['sick-slow', 100, 20, 8],
    ['sick-ramp', 100, 20, 20],
    ['sick-one-model', 100, 20, 8],
    ['sick-vouchers-15', 100, 10, 60],
    ['sick-2-of-10', 100, 10, 34],
    ['sick-1-of-6', 100, 10, 32],
  ])('rolls back for %s at %d requests a minute', (name, perMinute, traces, minutes) => {
    const { rolledBack, median } = tried(name, perMinute, traces);
    expect(rolledBack).toBe(100);
    expect(median).toBeLessThanOrEqual(minutes);
  });

  it('rolls the healthy back again and again when taken literally', () => {
    expect(tried('healthy-d1', 10, 20, 'literal').rolledBack).toBeGreaterThan(25);
  });
});
