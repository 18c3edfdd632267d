import { describe, expect, it } from 'vitest';
import { formatClock, formatDuration } from '@/app/_components/format/duration';
import { formatMetric, formatMs, formatPercent, formatSigned, formatUsd } from '@/app/_components/format/metric';
import { formatOdds, oddsOf } from '@/app/_components/format/odds';

describe('a metric', () => {
  it('that was not measured is a dash, never zero', () => {
    expect(formatMetric('failure_rate', null, 'en')).toBe('–');
    expect(formatSigned('cost_per_image', null, 'en')).toBe('–');
  });

  it.each([
    ['p95_latency_ms', 999, 'en', '999ms'],
    ['p95_latency_ms', 1000, 'en', '1s'],
    ['p95_latency_ms', 8123, 'zh-CN', '8.12秒'],
    ['p95_latency_ms', 812, 'zh-CN', '812毫秒'],
    ['failure_rate', 0.02, 'en', '2%'],
    ['failure_rate', 0.0234, 'zh-CN', '2.34%'],
    ['cost_per_image', 0.0131, 'en', '$0.0131'],
    ['cost_per_image', 0.0131, 'zh-CN', '$0.0131'],
    ['regenerate_voucher_rate', 0.05, 'en', '5%'],
  ] as const)('%s %s in %s is %s', (metric, value, locale, text) => {
    expect(formatMetric(metric, value, locale)).toBe(text);
  });

  it('has a sign as a difference', () => {
    expect(formatSigned('p95_latency_ms', -1070, 'en')).toBe('−1.07s');
    expect(formatSigned('cost_per_image', 0.0131, 'zh-CN')).toBe('+$0.0131');
  });

  it('has a minus where a clock is behind', () => {
    expect([formatMs(-3, 'en'), formatMs(-1070, 'zh-CN'), formatMs(-0.2, 'en')]).toEqual(['−3ms', '−1.07秒', '0ms']);
  });

  it('is never in percent as a difference of rates, which would be read as a share of the other', () => {
    expect(formatSigned('failure_rate', 0.4389, 'en')).toBe('+43.89 points');
    expect(formatSigned('regenerate_voucher_rate', -0.01, 'en')).toBe('−1 point');
    expect(formatSigned('accept_failure_rate', 0, 'en')).toBe('±0 points');
    expect(formatSigned('failure_rate', 0.0026, 'zh-CN')).toBe('+0.26 个百分点');
  });

  it('keeps cents of large sums, five digits of small ones, and something of the smallest', () => {
    const usd = (sum: number) => formatUsd(sum, 'en');
    expect([12.5, 0.00012, 1234, 0, 0.0000012, -0.000000123].map(usd)).toEqual([
      ...['$12.50', '$0.00012', '$1,234', '$0.00', '$0.0000012', '-$0.00000012'],
    ]);
  });

  it('of a share is 0% or 100% only where it is none or all', () => {
    const percent = (share: number) => formatPercent(share, 'en');
    expect([0, 0.0004, 0.0123, 0.9996, 0.1 + 0.2 + 0.7, 1 - 1e-12, 50].map(percent)).toEqual([
      ...['0%', '0.04%', '1.2%', '99.96%', '100%', '100%', '5,000%'],
    ]);
    // A share that cannot be computed takes no page down.
    expect(percent(Number.NaN)).toBe('NaN%');
  });
});

describe('a duration', () => {
  it.each([
    [0, '0s', '0秒'],
    [59.9, '59s', '59秒'],
    [60, '1m', '1分钟'],
    [130, '2m 10s', '2分钟10秒'],
    [3600, '1h', '1小时'],
    [3605, '1h', '1小时'],
    [3900, '1h 5m', '1小时5分钟'],
    [90_000, '1d 1h', '1天1小时'],
    [-5, '0s', '0秒'],
  ])('of %s seconds is %s, %s', (seconds, english, chinese) => {
    expect([formatDuration(seconds, 'en'), formatDuration(seconds, 'zh-CN')]).toEqual([
      english.replace(' ', '\u00a0'),
      chinese,
    ]);
  });

  it.each([
    [0, '0:00'],
    [0.2, '0:01'],
    [59, '0:59'],
    [1062, '17:42'],
    [7509, '2:05:09'],
    [-3, '0:00'],
  ])('counts down %s seconds as %s', (seconds, clock) => {
    expect(formatClock(seconds)).toBe(clock);
  });
});

describe('odds', () => {
  it('are said for small chances only', () => {
    expect([oddsOf(0.5), oddsOf(0.25), oddsOf(0), oddsOf(Number.NaN)]).toEqual([
      null,
      4,
      Number.POSITIVE_INFINITY,
      null,
    ]);
  });

  it.each([
    [4, 'en', '4'],
    [9800, 'en', '9,800'],
    [98_000, 'en', '98K'],
    [3_200_000, 'zh-CN', '320万'],
    [1e18, 'en', '10¹⁸'],
    [Number.POSITIVE_INFINITY, 'en', '10³⁰⁰'],
  ])('%s in %s is %s', (odds, locale, text) => {
    expect(formatOdds(odds, locale)).toBe(text);
  });
});
