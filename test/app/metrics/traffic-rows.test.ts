import { describe, expect, it } from 'vitest';
import { trafficRows } from '@/app/_components/metrics/traffic-rows';
import type { MetricsView } from '@/lib/api/metrics-view';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 2, 11) + seconds * 1000).toISOString();
const point = (seconds: number, requests: number) => ({ at: at(seconds), requests });

/** Ten minutes of the baseline alone, but for the candidate's requests at 100 s and 120 s. */
const view = {
  from: at(3),
  to: at(302),
  step_seconds: 10,
  providers: {
    fal: Array.from({ length: 30 }, (_, index) => point(index * 10 + 10, 3)),
    runware: [point(100, 6), point(120, 6), point(310, 99)],
  },
  weights: [
    { at: at(3), weights: { fal: 1, runware: 0 } },
    { at: at(95), weights: { fal: 0.9, runware: 0.1 } },
  ],
} as unknown as MetricsView;

describe('the traffic', () => {
  const { rates, shares } = trafficRows(view);
  const rowAt = (rows: typeof rates, seconds: number) => rows.find(({ atMs }) => atMs === Date.parse(at(seconds)));

  it('has a row for each whole step of what is known, also where nothing came', () => {
    expect([rates[0]?.atMs, rates.at(-1)?.atMs]).toEqual([Date.parse(at(20)), Date.parse(at(290))]);
    expect(rates).toHaveLength(28);
  });

  it('is counted by the minute, from the first on', () => {
    expect(rowAt(rates, 20)).toMatchObject({ fal: 18, runware: 0 });
    expect(rowAt(rates, 120)).toMatchObject({ fal: 18, runware: 12 });
    expect(rowAt(rates, 180)).toMatchObject({ fal: 18, runware: 0 });
  });

  it('is shared as was ordered, or not', () => {
    expect(rowAt(shares, 90)).toMatchObject({ runware: 0, 'runware ordered': 0 });
    // Eleven steps of three beside them.
    expect(rowAt(shares, 120)).toMatchObject({ runware: 12 / (33 + 12), 'runware ordered': 0.1 });
  });

  it('that is none has no shares', () => {
    const silent = trafficRows({ ...view, providers: { fal: [], runware: [] } });
    expect(rowAt(silent.shares, 120)).toMatchObject({ fal: null, runware: null, 'runware ordered': 0.1 });
  });
});
