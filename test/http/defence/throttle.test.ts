import { expect, it } from 'vitest';
import { slidingCount } from '@/lib/http/defence/sliding-count';
import { throttle } from '@/lib/http/defence/throttle';

it('lets so many through in any minute, and says when to come again', () => {
  let now = 0;
  const limit = throttle(2, () => now);
  limit.take('ann');
  limit.take('ann');
  expect(() => limit.take('ann')).toThrow('At most 2 a minute; try again in 60 s.');
  limit.take('bob');
  now = 90_000;
  limit.take('ann');
  expect(() => limit.take('ann')).toThrow('At most 2 a minute');
  now = 180_000;
  limit.take('ann');
});

it('is no limit at 0', () => {
  const limit = throttle(0, () => 0);
  for (let n = 0; n < 1000; n += 1) limit.take('ann');
});

it('refuses nobody because of keys that others made up', () => {
  const limit = throttle(5, () => 0);
  for (let n = 0; n < 10_050; n += 1) limit.take(`junk-${n}`);
  limit.take('ann');
});

it('does not forget who came often when others flood the table', () => {
  const counts = slidingCount(() => 0, 100);
  for (let n = 0; n < 20; n += 1) counts.add('ann');
  for (let n = 0; n < 5000; n += 1) counts.add(`junk-${n}`);
  expect(counts.used('ann')).toBe(20);
});
