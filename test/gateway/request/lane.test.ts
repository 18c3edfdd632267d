import { describe, expect, it } from 'vitest';
import { Breaker } from '@/lib/gateway/request/lane';

function failTimes(breaker: Breaker, times: number, nowMs = 0): void {
  for (let i = 0; i < times; i += 1) {
    const pass = breaker.enter(nowMs);
    if (pass) breaker.leave(pass, 'failure', nowMs);
  }
}

describe('the breaker', () => {
  it('opens at five consecutive failures, not at four', () => {
    const breaker = new Breaker(5, 1000);
    failTimes(breaker, 4);
    expect(breaker.state(0)).toBe('closed');
    failTimes(breaker, 1);
    expect(breaker.state(0)).toBe('open');
    expect(breaker.enter(999)).toBeNull();
    expect(breaker.retryAfterMs(400)).toBe(600);
  });

  it('forgets failures at each success', () => {
    const breaker = new Breaker(5, 1000);
    failTimes(breaker, 4);
    breaker.leave('closed', 'success', 0);
    failTimes(breaker, 4);
    expect(breaker.state(0)).toBe('closed');
  });

  it('lets one call try when it has cooled down, and one only', () => {
    const breaker = new Breaker(5, 1000);
    failTimes(breaker, 5);
    expect(breaker.state(1000)).toBe('half_open');
    expect(breaker.enter(1000)).toBe('probe');
    expect(breaker.enter(1000)).toBeNull();
  });

  it('closes when that call succeeds and opens anew when it fails', () => {
    const breaker = new Breaker(5, 1000);
    failTimes(breaker, 5);
    breaker.enter(1000);
    breaker.leave('probe', 'failure', 1500);
    expect(breaker.state(2499)).toBe('open');
    breaker.enter(2500);
    breaker.leave('probe', 'success', 2600);
    expect(breaker.state(2600)).toBe('closed');
  });

  it('does not let calls from before the opening vote', () => {
    const breaker = new Breaker(5, 1000);
    const early = breaker.enter(0);
    failTimes(breaker, 5);
    if (early) breaker.leave(early, 'success', 500);
    expect(breaker.state(500)).toBe('open');
    if (early) breaker.leave(early, 'failure', 900);
    expect(breaker.state(1000)).toBe('half_open');
  });
});
