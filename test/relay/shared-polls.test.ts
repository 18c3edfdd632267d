import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SharedPolls, type ToldPoll } from '@/lib/relay/jobs/shared-polls';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('asks once for all who ask the same within half a second, and anew after it, or when the job was acted on', async () => {
  const shared = new SharedPolls();
  let calls = 0;
  const ask = async () => ({ at: ++calls }) as unknown as ToldPoll;
  const told = (job: string, key: string) => shared.ask(job, key, ask).told;
  const first = told('a', 'x');
  expect(shared.ask('a', 'x', ask).isOwn).toBe(false);
  expect(await told('a', 'x')).toBe(await first);
  await vi.advanceTimersByTimeAsync(499);
  await told('a', 'x');
  expect(calls).toBe(1);
  await Promise.all([told('a', 'y'), told('b', 'x')]);
  expect(calls).toBe(3);
  await vi.advanceTimersByTimeAsync(1);
  await told('a', 'x');
  expect(calls).toBe(4);
  shared.forget('a');
  await told('a', 'x');
  expect(calls).toBe(5);
});

it('keeps no question that could not be asked', async () => {
  const shared = new SharedPolls();
  const fails = () => Promise.reject<ToldPoll>(new Error('away'));
  await expect(shared.ask('a', 'x', fails).told).rejects.toThrow('away');
  expect(shared.ask('a', 'x', fails).isOwn).toBe(true);
  await expect(shared.ask('a', 'x', fails).told).rejects.toThrow('away');
});
