import { describe, expect, it } from 'vitest';
import { chanceText, explain, metricText } from '@/lib/rule/explain';
import type { Hindrance, LineVerdict, VerdictKind } from '@/lib/rule/verdict';
import { defaultPolicy } from '@/lib/split/policy/policy';

const plainly = { atLine: 1e-6, lineThreshold: 3e-3, dispersion: 1, pattern: 'steady' } as const;

const line: LineVerdict = {
  arm: 'runware',
  metric: 'failure_rate',
  verdict: 'held',
  value: 0.101,
  limit: 0.02,
  comparison: '>',
  n: 99,
  windowSeconds: 300,
  holdSeconds: 300,
  breachedForSeconds: 300,
  evidence: { chance: 2.1e-9, threshold: 1e-4, ...plainly, horizonSeconds: 600, n: 180, hits: 14, stillSo: true },
  baselineValue: 0.4,
  baselineN: 300,
  acts: true,
  hindrance: null,
};
const kinds: VerdictKind[] = ['ok', 'breach', 'held', 'shared_cause', 'insufficient', 'no_traffic', 'blind'];
const hindrances: Hindrance[] = [
  'could_be_luck',
  'could_be_on_the_line',
  'recovered',
  'shared_cause',
  'baseline_unavailable',
  'not_above_before',
  'blind',
  'nothing_to_roll_back',
  'signal',
];

describe('an explanation', () => {
  it('says what is measured, against what, and what follows', () => {
    expect(explain(line, defaultPolicy)).toBe(
      'runware failure rate is 10.1 % over the last 5m (99 rows; line > 2 %), held for 5m: luck would do this 1 in 480,000,000 times (14 of 180 rows in 10m), so it rolls runware back.',
    );
  });

  it.each(kinds)('of %s is a sentence of its own', (verdict) => {
    const text = explain({ ...line, verdict, acts: false, breachedForSeconds: 60 }, defaultPolicy);
    expect(text).toMatch(/^runware failure rate .*\.$/);
    expect(text).not.toMatch(/null|undefined|NaN/);
  });

  it.each(hindrances)('of a held line hindered by %s says why it is not rolled back', (hindrance) => {
    const text = explain({ ...line, acts: false, hindrance }, defaultPolicy);
    expect(text).toMatch(/not rolled back, because|already takes/);
    expect(text).not.toMatch(/null|undefined|NaN/);
  });

  it('of what comes and goes speaks of the hour without its worst minutes', () => {
    const evidence = { ...line.evidence, pattern: 'comes_and_goes', horizonSeconds: 3600 } as LineVerdict['evidence'];
    expect(explain({ ...line, evidence, breachedForSeconds: 0 }, defaultPolicy)).toBe(
      'runware failure rate comes and goes: without its worst minutes the last 1h are over the line (14 of 180 rows in 1h): luck would do this 1 in 480,000,000 times (14 of 180 rows in 1h), so it rolls runware back.',
    );
  });

  it('says what to set when no cost is known to compare with', () => {
    const cost: LineVerdict = { ...line, metric: 'cost_per_image', verdict: 'insufficient', limit: null };
    expect(explain(cost, defaultPolicy)).toContain('set baselineCostUsd in the policy or GEN_BASELINE_COST_USD');
  });

  it('writes numbers as each metric is read', () => {
    expect(metricText('p95_latency_ms', 8120.4)).toBe('8,120 ms');
    expect(metricText('cost_per_image', 0.06120001)).toBe('$0.0612');
    expect(metricText('failure_rate', null)).toBe('unknown');
    expect([chanceText(0.6), chanceText(0.01), chanceText(0)]).toEqual([
      'as likely as not',
      '1 in 100',
      'less than 1 in a trillion',
    ]);
  });
});
