import { describe, expect, it } from 'vitest';
import { providerHealth } from '@/lib/gateway/health/read-health';
import type { Provider, ProviderFailure } from '@/lib/gateway/providers/provider';
import { Lane } from '@/lib/gateway/request/lane';

const provider = { configured: true, whyNot: null } as Provider;
const failed = { ok: false, latencyMs: 20, errorKind: 'provider_5xx', message: 'overloaded' } as ProviderFailure;

/** Five calls in a row failed at 0; after 5 s one may try. Its probe answered at `probedMs`. */
function tripped(probedMs: number): Lane {
  const lane = new Lane(provider, { threshold: 5, coolMs: 5000 }, 10);
  for (let n = 0; n < 5; n++) {
    const pass = lane.enter(0);
    if (pass === 'closed') lane.leave(pass, failed, 0);
  }
  lane.probe = { result: { ok: true, latencyMs: 3, error: null }, atMs: probedMs };
  return lane;
}

const errorAt = (nowMs: number, probedMs = nowMs) => providerHealth(tripped(probedMs), false, nowMs).error;

describe('a provider whose calls failed in a row', () => {
  it('is not well while its traffic is fresh, though a call may try', () => {
    expect(errorAt(4999)).toBe('calls are held back: overloaded');
    expect(errorAt(30_000)).toBe('calls are held back: overloaded');
  });

  // Rolled back, it gets no call that could show it: the gate to begin again would never open.
  it('is as its probe says once nothing is sent to it any more', () => {
    expect(errorAt(30_001)).toBeNull();
    expect(errorAt(100_000, 20_000)).toBe('not probed yet');
  });
});
