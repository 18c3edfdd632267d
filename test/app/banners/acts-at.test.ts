import { expect, it } from 'vitest';
import { countdownOf } from '@/app/_components/band/countdown-of';
import { actsAtOf } from '@/app/_components/banners/acts-at';
import type { Snapshot } from '@/lib/api/snapshot';
import { fakeLine, fakeSnapshot } from '@/test/fakes/snapshot';

const nowMs = Date.parse('2026-03-02T11:30:00Z');
const at = '2026-03-02T11:30:40.000Z';
const line = fakeLine({ verdict: 'breach', acts_at: at });
const silent = { ...fakeSnapshot().watchdog, alive: false };
const told = (over: Partial<Snapshot> = {}, later = 0, awaySince: number | null = null) => {
  const now = nowMs + later * 1000;
  return actsAtOf(line, countdownOf(fakeSnapshot({ red_lines: [line], ...over }), now, awaySince), now);
};

it('promises a rollback only while somebody would make it, and until it is due', () => {
  expect([told(), told({}, 39)]).toEqual([at, at]);
  expect([told({}, 40), told({ watchdog: silent }), told({}, 0, nowMs)]).toEqual([null, null, null]);
});
