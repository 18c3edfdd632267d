import { expect, it } from 'vitest';
import { liveRate } from '@/lib/control/rollout/live-rate';

it.each([
  ['traffic that stopped', 0, 2000, 0],
  ['traffic that has just begun', 480, 560, 480],
  ['little, of which a minute says nothing', 0, 7, 1.4],
  ['little and more just now', 6, 12, 2.4],
  ['none', 0, 0, 0],
])('tells of %s', (_, minute, five, rate) => {
  expect(liveRate(minute, five)).toBe(rate);
});
