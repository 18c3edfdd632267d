import { afterEach, expect, it, vi } from 'vitest';
import { hashPassword, isPassword } from '@/lib/access/passwords';
import { asProblem } from '@/lib/http/as-problem';

afterEach(() => vi.useRealTimers());

const password = 'correct horse battery';
const hashes = (n: number) => Array.from({ length: n }, () => hashPassword(password));
const busy = { status: 429, code: 'passwords-busy', extra: { headers: { 'retry-after': '2' } } };

it('are hashed two at a time; a few wait their turn, and who comes after them is told when to come back', async () => {
  // No time passes: on a busy machine two hashes may take as long as anybody has patience.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const all = await Promise.allSettled(hashes(12));
  const outcomes = all.map((one) => (one.status === 'fulfilled' ? null : asProblem(one.reason)));
  expect(outcomes.slice(0, 10)).toEqual(Array(10).fill(null));
  for (const outcome of outcomes.slice(10)) expect(outcome).toMatchObject(busy);
  const first = all[0]?.status === 'fulfilled' ? all[0].value : '';
  expect([await isPassword(password, first), await isPassword('another horse battery', first)]).toEqual([true, false]);
});

it('wait two seconds at most, and give their turn to nobody who left', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const all = Promise.allSettled(hashes(4));
  vi.advanceTimersByTime(2000);
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect((await Promise.allSettled(hashes(3))).map(({ status }) => status)).toEqual(Array(3).fill('fulfilled'));
});
