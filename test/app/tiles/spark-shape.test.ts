import { expect, it } from 'vitest';
import { bySeverity } from '@/app/_components/tiles/by-severity';
import { sparkShape } from '@/app/_components/tiles/spark-shape';
import type { LineTrend } from '@/lib/api/story';
import { fakeLine } from '@/test/fakes/snapshot';

const trend = (values: LineTrend['values'], over: LineTrend['over'] = []): LineTrend => ({
  ...{ from: '2026-03-02T11:00:00.000Z', step_seconds: 60, values, over, spared: null },
  baseline: values.map((value) => value && 0.005),
});

it('draws both arms on one scale from 0 on which the line is in sight', () => {
  const shape = sparkShape({ trend: trend([0, 0.01, 0.02]), limit: 0.04 });
  expect(shape?.candidate).toBe('M0,59L150,47.3L300,35.5');
  expect(shape?.limitY).toBe(12);
  expect(shape?.last).toEqual({ x: 300, y: 35.5 });
  expect(sparkShape({ trend: trend([0.4, 0.4, 0.4]), limit: 0.02 })?.limitY).toBeLessThan(59);
});

it('bridges one minute of silence, and leaves a longer one open', () => {
  const shape = sparkShape({ trend: trend([0.01, null, 0.01, null, null, 0.01]), limit: null });
  expect(shape?.candidate.replace(/[\d.,]+/g, '')).toBe('MLM');
  expect(sparkShape({ trend: trend([null, null]), limit: 1 })).toBeNull();
  expect(sparkShape({ trend: null, limit: 1 })).toBeNull();
});

it('shades what was over', () => {
  const shape = sparkShape({ trend: trend([0.01, 0.03, 0.03, 0.01], [[1, 2]]), limit: 0.02 });
  expect(shape?.over).toEqual([{ x: 50, width: 200 }]);
});

it('puts what is over first, then what is warned of, and leaves the rest where it was', () => {
  const lines = [
    fakeLine({ metric: 'p95_latency_ms' }),
    fakeLine({ metric: 'failure_rate' }),
    fakeLine({ metric: 'cost_per_image', verdict: 'no_traffic' }),
    fakeLine({ metric: 'regenerate_voucher_rate', verdict: 'breach' }),
  ];
  const warning = { arm: 'runware', metric: 'failure_rate', since: '', odds: 9, explanation: '' } as const;
  expect(bySeverity({ red_lines: lines, warnings: [warning] }).map(({ metric }) => metric)).toEqual([
    'regenerate_voucher_rate',
    'failure_rate',
    'p95_latency_ms',
    'cost_per_image',
  ]);
});
