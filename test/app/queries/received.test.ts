import { describe, expect, it } from 'vitest';
import { newerOf, serverNowMs, silentMs, staleAfterMs } from '@/app/_queries/received';
import { fakeSnapshot } from '../../fakes/snapshot';

const at = (now: string, atMonotonicMs: number) => ({ snapshot: fakeSnapshot({ now }), atMonotonicMs });

describe('the clock of the page', () => {
  it('is the server’s now and the monotonic time since, whatever the wall clock says', () => {
    const received = at('2026-03-02T11:30:00.000Z', 5000);
    expect(new Date(serverNowMs(received, 12_500)).toISOString()).toBe('2026-03-02T11:30:07.500Z');
  });

  it('never runs backwards', () => {
    const received = at('2026-03-02T11:30:00.000Z', 5000);
    expect(serverNowMs(received, 4000)).toBe(Date.parse('2026-03-02T11:30:00.000Z'));
  });
});

describe('a snapshot that arrives', () => {
  it('replaces an older one', () => {
    const [older, newer] = [at('2026-03-02T11:30:00Z', 1), at('2026-03-02T11:30:01Z', 2)];
    expect(newerOf(older, newer)).toBe(newer);
    expect(newerOf(undefined, older)).toBe(older);
  });

  it('late, after a newer one, changes nothing', () => {
    const [newer, late] = [at('2026-03-02T11:30:01Z', 1), at('2026-03-02T11:30:00Z', 2)];
    expect(newerOf(newer, late)).toBe(newer);
  });
});

describe('data on the screen', () => {
  it('is as old as the last word of the server, and stale before three seconds without one', () => {
    const received = at('2026-03-02T11:30:00Z', 1000);
    expect(silentMs(received, 4000)).toBe(3000);
    expect(silentMs({ ...received, confirmedMs: 3500 }, 4000)).toBe(500);
    expect(silentMs({ ...received, confirmedMs: 500 }, 1000)).toBe(0);
    // The clocks of the page turn every half second.
    expect(staleAfterMs + 500).toBeLessThanOrEqual(3000);
  });
});
