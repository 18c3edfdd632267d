import { expect, it } from 'vitest';
import { firstTickFrom } from '@/lib/control/ticks/first-tick-from';

const clock = (time: string) => Date.parse(`2026-03-02T${time}Z`);

it.each([
  ['of a watchdog with a tick every ten seconds', 'watchdog:a:1', 10, '11:29:38', '11:34:30', '11:34:30'],
  ['of one with a tick every half minute', 'watchdog:a:1', 30, '11:29:38', '11:34:40', '11:35:00'],
  ['of one whose ticks are no tens', 'watchdog:a:1', 3, '11:29:39', '11:34:40', '11:34:42'],
  ['of a caller once a minute, at its own second', 'cron', 60, '11:29:17', '11:34:10', '11:34:17'],
  ['of that caller, just missed', 'cron', 60, '11:29:17', '11:34:18', '11:35:17'],
])('is the next one %s', (_, by, intervalSeconds, at, from, next) => {
  expect(firstTickFrom(clock(from), { by, intervalSeconds, atMs: clock(at) })).toBe(clock(next));
});

it('is the instant where nothing ever ticked', () => expect(firstTickFrom(5, null)).toBe(5));
