import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atRankOf } from '@/lib/rule/buckets/quantile';
import { straddles } from '@/lib/rule/first-look';
import { p95Rank, sideOfLine } from '@/lib/rule/gauges/gauge-share';
import { at, decided, lineOf, oneLine, type SceneEvent, splitFacts, steady } from '../scene';

/** percentile_cont(0.95) as Postgres computes it over double precision. */
function percentileCont(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = 0.95 * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? 0;
  return low + (rank - Math.floor(rank)) * ((sorted[Math.ceil(rank)] ?? 0) - low);
}

const policy = oneLine('p95_latency_ms', { evidence: 'observed' });
const latency = fc.constantFrom(100, 7000, 7600, 7990, 7999, 8000, 8001, 8400, 20_000);
const scene = fc.array(fc.record({ atSeconds: fc.integer({ min: -900, max: 0 }), latencyMs: latency }), {
  maxLength: 80,
});

const inWindow = (events: readonly SceneEvent[], fromMs: number, toMs: number): number[] =>
  events.filter((each) => at(each.atSeconds) > fromMs && at(each.atSeconds) <= toMs).map((each) => each.latencyMs ?? 0);

function neighboursIn(events: readonly SceneEvent[], window: { fromMs: number; toMs: number; limitMs: number }) {
  const values = inWindow(events, window.fromMs, window.toMs);
  const below = values.filter((each) => each < window.limitMs);
  const above = values.filter((each) => each >= window.limitMs);
  return { below: below.length ? Math.max(...below) : null, atOrAbove: above.length ? Math.min(...above) : null };
}

describe('the side of the p95 line', () => {
  it('is that of percentile_cont for every count and number of slow rows', () => {
    for (let count = 1; count <= 400; count++) {
      for (let slow = 0; slow <= count; slow++) {
        const side = sideOfLine(count, slow);
        // Rows far from the line on both sides: the sharpest interpolation there can be.
        const row = (i: number) => (i < count - slow ? 7999.999 : 8000);
        const rank = 0.95 * (count - 1);
        const [low, high] = [row(Math.floor(rank)), row(Math.ceil(rank))];
        const p95 = low + (rank - Math.floor(rank)) * (high - low);
        const holds = { over: p95 >= 8000, under: p95 < 8000, straddles: p95 !== row(0) }[side];
        if (!holds) expect.fail(`${slow} slow of ${count} are said to be ${side}, and their p95 is ${p95}`);
      }
    }
  });

  it('matches percentile_cont at every grid instant, given the neighbours it asks for', () => {
    fc.assert(
      fc.property(scene, (events) => {
        const asked = new Set(
          straddles(splitFacts(0, events, { policy })).map((each) => `${each.role} ${each.fromMs} ${each.toMs}`),
        );
        const neighbours = (window: { role: string; fromMs: number; toMs: number; limitMs: number }) => {
          expect(asked).toContain(`${window.role} ${window.fromMs} ${window.toMs}`);
          return neighboursIn(events, window);
        };
        const line = lineOf(decided(0, events, { policy, neighbours }), 'p95_latency_ms');
        const over = (t: number) => {
          const p95 = percentileCont(inWindow(events, at(t - 300), at(t)));
          return p95 === null ? null : p95 >= 8000;
        };
        expect(line.verdict === 'breach' || line.verdict === 'held').toBe(over(0) === true);
        let run = 0;
        // Back through windows with nothing in them, until one is not over the line.
        if (over(0))
          for (let t = 0; t >= -1300 && over(t) !== false; t -= 10) if (over(t)) run = Math.min(300, Math.abs(t));
        expect(line.breachedForSeconds).toBe(run);
      }),
      { numRuns: 300 },
    );
  });
});

describe('straddles', () => {
  it('asks for nothing when the counts decide', () => {
    expect(straddles(splitFacts(0, steady(-900, 0, 10), { policy }))).toEqual([]);
    expect(straddles(splitFacts(0, steady(-900, 0, 10, { latencyMs: 9000 }), { policy }))).toEqual([]);
  });
});

describe('the percentile of bins', () => {
  it('lies within a bin of the true one, at every n', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 200 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const p95 =
          atRankOf(
            sorted.map((value) => [value, value, 1] as const),
            p95Rank,
          ) ?? 0;
        expect(Math.abs(p95 - (percentileCont(values) ?? 0))).toBeLessThan(1e-6 * Math.max(...values));
      }),
    );
  });

  it('is unknown without any', () => expect(atRankOf([], p95Rank)).toBeNull());
});
