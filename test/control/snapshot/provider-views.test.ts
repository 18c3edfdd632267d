import { describe, expect, it } from 'vitest';
import { healthOf } from '@/app/_components/state/provider-health';
import type { ProviderView } from '@/lib/api/snapshot';
import { recentOf } from '@/lib/control/snapshot/provider-views';
import type { Bucket } from '@/lib/rule/buckets/bucket';

const minuteMs = 60_000;
const nowMs = 24 * 60 * minuteMs;

/** So many calls, of which so many failed, so many minutes ago. */
const calls = (requests: number, failures: number, minutesAgo: number): Bucket => ({
  ...{ atMs: nowMs - minutesAgo * minuteMs, provider: 'runware', requests, failures, refused: 0 },
  ...{ bins: [], priced: 0, costNano: 0, costNanoSquared: 0, generated: 0, vouchers: 0, ages: [], prices: [] },
});

interface Sent {
  readonly isSent?: boolean;
  readonly beganMinutesAgo?: number;
}

/** [requests, failures, minutes looked at, what it is called]. */
function said(hour: readonly Bucket[], { isSent = true, beganMinutesAgo }: Sent = {}) {
  const sinceMs = beganMinutesAgo === undefined ? null : nowMs - beganMinutesAgo * minuteMs;
  const recent = recentOf(hour, { isSent, sinceMs }, nowMs);
  const well = { ok: true, latency_ms: 3, error: null, configured: true, breaker: 'half_open', simulated: false };
  const { name, tone } = healthOf({ ...well, recent } as ProviderView);
  return [recent.requests, recent.failures, recent.window_seconds / 60, name, tone];
}

describe('a provider that answers its probe, by its calls', () => {
  it('is told by five minutes where there are ten calls in them', () => {
    expect(said([calls(10, 0, 4), calls(90, 90, 6)])).toEqual([10, 0, 5, 'ok', 'well']);
    expect(said([calls(10, 1, 4)])).toEqual([10, 1, 5, 'failsRequests', 'caution']);
    expect(said([calls(10, 3, 4)])).toEqual([10, 3, 5, 'failsRequests', 'breach']);
  });

  it('is told by the last hour where calls are rare', () => {
    expect(said([calls(3, 3, 50), calls(2, 2, 20)])).toEqual([5, 5, 60, 'failsRequests', 'breach']);
    expect(said([calls(2, 2, 20)])).toEqual([2, 2, 60, 'tooFew', 'unknown']);
    expect(said([calls(2, 0, 20)])).toEqual([2, 0, 60, 'ok', 'well']);
    expect(said([calls(2, 2, 60)])).toEqual([0, 0, 60, 'ok', 'well']);
  });

  it('is told by what it was sent in this rollout', () => {
    const hour = [calls(9, 9, 30), calls(2, 0, 7)];
    expect(said(hour, { beganMinutesAgo: 10 })).toEqual([2, 0, 10, 'ok', 'well']);
    expect(said(hour, { beganMinutesAgo: 1 })).toEqual([0, 0, 5, 'ok', 'well']);
    expect(said(hour, { beganMinutesAgo: 90 })).toEqual([11, 9, 60, 'failsRequests', 'breach']);
  });

  it('is told by its probe once it has no share any more', () => {
    expect(said([calls(20, 20, 6)], { isSent: false })).toEqual([0, 0, 5, 'ok', 'well']);
  });
});
