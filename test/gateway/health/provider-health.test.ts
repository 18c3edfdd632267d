import { describe, expect, it } from 'vitest';
import { heartbeatOf } from '@/lib/gateway/health/beat';
import { providerHealth } from '@/lib/gateway/health/read-health';
import { callsNote } from '@/lib/gateway/health/what-calls-say';
import type { Provider, ProviderFailure, ProviderResult } from '@/lib/gateway/providers/provider';
import { Lane } from '@/lib/gateway/request/lane';

const provider = { configured: true, whyNot: null } as Provider;
const failed = { ok: false, latencyMs: 20, errorKind: 'provider_5xx', message: 'overloaded' } as ProviderFailure;

const answered = { ok: true, latencyMs: 20 } as ProviderResult;

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

const errorAt = (nowMs: number, isSent = true, probedMs = nowMs) =>
  providerHealth(tripped(probedMs), { isSent }, nowMs).error;

const minuteMs = 60_000;

describe('a provider whose calls failed in a row', () => {
  it('is not well while its traffic is fresh, though a call may try', () => {
    expect(errorAt(4999)).toBe('calls are held back: overloaded');
    expect(errorAt(30_000)).toBe('calls are held back: overloaded');
  });

  it('stays so for an hour where calls are rare, whatever its probe says', () => {
    const none = 'none of its last 5 calls within the hour succeeded, though its probe answers: overloaded';
    expect(errorAt(30_001)).toBe(none);
    expect(errorAt(60 * minuteMs)).toBe(none);
    expect(errorAt(60 * minuteMs + 1)).toBeNull();
  });

  // Rolled back, it gets no call that could show it: the gate to begin again would never open.
  it('is as its probe says once nothing is sent to it any more', () => {
    expect(errorAt(30_001, false)).toBeNull();
    expect(errorAt(100_000, false, 20_000)).toBe('not probed yet');
  });

  it('begins anew once it was sent nothing', () => {
    const lane = tripped(30_001);
    const told = (share: number) => {
      const split = { isArchived: false, arms: new Map([['new', { name: 'new', provider: 'acme' }]]) };
      const splits = { all: new Map([['', { ...split, routing: { effective: { new: share } } }]]) };
      const first = { assigned: new Map() };
      const [events, weights] = [{ oldestUnsentMs: () => 0, depth: () => 0 }, { routing: {} }];
      const clock = { monotonic: () => 30_001 };
      const plane = { clock, events, weights, lanes: new Map([['acme', lane]]), splits: { ...splits, first } };
      return heartbeatOf(plane as never, {} as never, null).providers.acme?.ok;
    };
    expect([told(0.1), told(0), told(0.1)]).toEqual([false, true, true]);
  });
});

describe('a provider that is called seldom and answers its probe', () => {
  /** A call every two minutes, the last one now. */
  const called = (outcomes: string) => {
    const lane = new Lane(provider, { threshold: 5, coolMs: 5000 }, 10);
    const nowMs = outcomes.length * 2 * minuteMs;
    [...outcomes].forEach((outcome, n) => {
      const atMs = (n + 1) * 2 * minuteMs;
      const pass = lane.enter(atMs);
      if (typeof pass === 'string' && pass !== 'full') lane.leave(pass, outcome === '+' ? answered : failed, atMs);
    });
    lane.probe = { result: { ok: true, latencyMs: 3, error: null }, atMs: nowMs + minuteMs };
    return [providerHealth(lane, { isSent: true }, nowMs + minuteMs).error, callsNote(lane, nowMs + minuteMs)];
  };

  it.each([
    ['', null, null],
    ['++', null, null],
    ['+--', null, 'not enough calls to say: 1 of 3 succeeded within the last hour; the probe answers'],
    ['--', null, 'not enough calls to say: 0 of 2 succeeded within the last hour; the probe answers'],
    ['----', null, 'not enough calls to say: 0 of 4 succeeded within the last hour; the probe answers'],
    [
      '-----',
      'none of its last 5 calls within the hour succeeded, though its probe answers: overloaded',
      '5 of its last 5 calls within the hour failed; the probe answers',
    ],
    ['-----+', null, '5 of its last 6 calls within the hour failed; the probe answers'],
    ['-----+++++', null, '5 of its last 10 calls within the hour failed; the probe answers'],
    [`-----${'+'.repeat(15)}`, null, '5 of its last 20 calls within the hour failed; the probe answers'],
    // No more than the last twenty are looked at.
    [`-----${'+'.repeat(16)}`, null, null],
  ])('is told by its calls: %s', (outcomes, error, note) => {
    expect(called(outcomes)).toEqual([error, note]);
  });
});
