import { describe, expect, it } from 'vitest';
import { durationText } from '@/lib/kernel/duration';
import { chanceText, explain, metricText } from '@/lib/rule/explain';
import type { LineVerdict } from '@/lib/rule/verdict';
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
  breachedForSeconds: 60,
  evidence: { chance: 1 / 3000, threshold: 1e-4, ...plainly, horizonSeconds: 600, n: 180, hits: 14, stillSo: true },
  baselineValue: 0.4,
  baselineN: 300,
  acts: false,
  hindrance: null,
};
const said = (more: Partial<LineVerdict>, policy = defaultPolicy) => explain({ ...line, ...more }, policy);
const over = 'runware failure rate is 10.1 % over the last 5m (99 rows; line > 2 %)';

describe('what is said of a line', () => {
  it.each<[Partial<LineVerdict>, string]>([
    [{ verdict: 'ok', value: 0.01 }, 'runware failure rate is 1 % over the last 5m (99 rows), within its line of 2 %.'],
    [{ verdict: 'no_traffic' }, 'runware failure rate cannot be judged: runware had no requests in the last 5m.'],
    [
      { verdict: 'no_traffic', metric: 'end_failure_rate' },
      'runware rate of jobs that fail cannot be judged: runware had no jobs in the last 5m.',
    ],
    [
      { verdict: 'insufficient', n: 4, limit: null },
      'runware failure rate cannot be called ok: only 4 rows carry it in the last 5m.',
    ],
    [
      { verdict: 'insufficient', metric: 'cost_per_image', n: 4 },
      'runware cost per image cannot be called ok: only 4 rows carry it in the last 5m.',
    ],
    [
      { verdict: 'insufficient', metric: 'cost_per_image', limit: null },
      'runware cost per image cannot be called ok: no cost of fal is known to compare with; set baselineCostUsd in the policy or GEN_BASELINE_COST_USD.',
    ],
    [
      { verdict: 'blind' },
      'runware failure rate cannot be judged: instances routed requests whose events have not arrived. Check the event store and the spools.',
    ],
    [{ verdict: 'breach' }, `${over}, for 1m so far; it is held in 4m if it stays there.`],
    [{ evidence: null }, `${over}, held for 5m: it rolls runware back.`],
    [
      {},
      `${over}, held for 5m: luck would do this 1 in 3,000 times (14 of 180 rows in 10m), so it rolls runware back.`,
    ],
    [
      { hindrance: 'could_be_luck' },
      `${over}, held for 5m: not rolled back, because luck could do this (1 in 3,000; it takes 1 in 10,000; 14 of 180 rows in 10m).`,
    ],
    [
      { hindrance: 'could_be_luck', evidence: null },
      `${over}, held for 5m: not rolled back, because luck could do this (as likely as not; it takes 1 in 1; ).`,
    ],
    [
      { hindrance: 'recovered' },
      `${over}, held for 5m: not rolled back, because the last 2m 30s on their own are back within the line.`,
    ],
    [
      { hindrance: 'shared_cause' },
      `${over}, held for 5m: not rolled back, because fal is over the same line at 40 % (300 rows) and runware is no worse beyond chance: moving traffic would win nothing. Look for what both share.`,
    ],
    [
      { hindrance: 'nothing_to_roll_back' },
      `${over}, held for 5m: runware already takes no more than after a rollback.`,
    ],
  ])('%o', (more, sentence) => expect(said(more)).toBe(sentence));

  it('counts images where money is the matter, and leaves luck out of the literal rule', () => {
    expect(said({ metric: 'cost_per_image', value: 0.0612, limit: 0.06, windowSeconds: 3600 })).toBe(
      'runware cost per image is $0.0612 over the last 1h (99 rows; line > $0.06), held for 5m: luck would do this 1 in 3,000 times (180 priced images in 10m), so it rolls runware back.',
    );
    expect(said({}, { ...defaultPolicy, evidence: 'observed' })).toBe(`${over}, held for 5m: it rolls runware back.`);
    expect(
      said({
        hindrance: 'could_be_luck',
        evidence: { chance: 0.1, threshold: 3e-5, ...plainly, horizonSeconds: 600, n: 180, hits: 14, stillSo: true },
      }),
    ).toContain('it takes 1 in 33,333;');
    const endless = { chance: 0.1, threshold: 1e-5, ...plainly, horizonSeconds: 600, n: 180, hits: 14, stillSo: true };
    expect(said({ hindrance: 'could_be_luck', evidence: endless })).toContain('it takes 1 in 100,000;');
  });

  it('names the metric', () => {
    const name = (metric: LineVerdict['metric']) => said({ metric, verdict: 'no_traffic' }).split(' cannot')[0];
    expect(name('p95_latency_ms')).toBe('runware p95 latency');
    expect(name('regenerate_voucher_rate')).toBe('runware regenerate voucher rate');
  });
});

describe('a number', () => {
  it('is rounded as it is read', () => {
    expect([0.4, 8120.5, 1_234_567].map((ms) => metricText('p95_latency_ms', ms))).toEqual([
      '0 ms',
      '8,121 ms',
      '1,234,567 ms',
    ]);
    expect([0.01, 1.23456, 12].map((usd) => metricText('cost_per_image', usd))).toEqual(['$0.01', '$1.235', '$12']);
    expect([0, 0.0123456, 1].map((rate) => metricText('failure_rate', rate))).toEqual(['0 %', '1.23 %', '100 %']);
  });

  it('of chance has two digits, between a half and a trillionth', () => {
    expect([0.5, 0.499999, 0.333, 1e-12, 9.9e-13].map(chanceText)).toEqual([
      'as likely as not',
      '1 in 2',
      '1 in 3',
      '1 in 1,000,000,000,000',
      'less than 1 in a trillion',
    ]);
    expect(chanceText(1 / 123_456)).toBe('1 in 120,000');
  });

  it('of seconds has three units at most', () => {
    expect([0, 0.99, 1, 60, 61, 3600, 86_399, 86_400, 176_461].map(durationText)).toEqual([
      '0s',
      '0s',
      '1s',
      '1m',
      '1m 1s',
      '1h',
      '23h 59m 59s',
      '1d',
      '2d 1h 1m',
    ]);
    expect(durationText(2 * 86_400 + 3600 + 60 + 1)).toBe('2d 1h 1m');
  });
});
