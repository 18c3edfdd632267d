import { expect, test } from 'vitest';
import { gathered } from '@/lib/kernel/gathered';

/** A `run` whose calls end when the test says so. */
function held() {
  const calls: { items: readonly number[]; end: (error?: Error) => void }[] = [];
  const run = (items: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      calls.push({ items, end: (error) => (error ? reject(error) : resolve(items.map((item) => item * 10))) });
    });
  return { calls, run };
}

test('a lone caller waits for nobody', async () => {
  const { calls, run } = held();
  const ask = gathered(run, { most: 10, flights: 1, patienceMs: 0 });
  const answer = ask(1);
  expect(calls.map(({ items }) => items)).toEqual([[1]]);
  calls[0]?.end();
  expect(await answer).toBe(10);
});

test('what is asked for meanwhile goes out together, at most so much at once', async () => {
  const { calls, run } = held();
  const ask = gathered(run, { most: 3, flights: 1, patienceMs: 0 });
  const answers = [1, 2, 3, 4, 5].map(ask);
  calls[0]?.end();
  await answers[0];
  await expect.poll(() => calls.length).toBe(2);
  calls[1]?.end();
  await expect.poll(() => calls.length).toBe(3);
  calls[2]?.end();
  expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50]);
  expect(calls.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [5]]);
});

test('a call that hangs holds up nobody for long', async () => {
  const { calls, run } = held();
  const ask = gathered(run, { most: 10, flights: 2, patienceMs: 10 });
  void ask(1);
  const [second, third] = [ask(2), ask(3)];
  expect(calls).toHaveLength(1);
  await expect.poll(() => calls.length).toBe(2);
  const fourth = ask(4);
  calls[1]?.end();
  expect(await Promise.all([second, third])).toEqual([20, 30]);
  await expect.poll(() => calls.length).toBe(3);
  calls[2]?.end();
  expect(await fourth).toBe(40);
  expect(calls.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
});

test('those for whom a call had no room do not wait for it either, if it hangs', async () => {
  const { calls, run } = held();
  const ask = gathered(run, { most: 2, flights: 2, patienceMs: 10 });
  const first = ask(1);
  for (const item of [2, 3, 4]) void ask(item);
  calls[0]?.end();
  await first;
  await expect.poll(() => calls.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
});

test('a call that ends in time has none beside it', async () => {
  const { calls, run } = held();
  const ask = gathered(run, { most: 10, flights: 2, patienceMs: 10 });
  const first = ask(1);
  const second = ask(2);
  calls[0]?.end();
  await first;
  void ask(3);
  await new Promise((resolve) => setTimeout(resolve, 5));
  calls[1]?.end();
  await second;
  await expect.poll(() => calls.length).toBe(3);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(calls.map(({ items }) => items)).toEqual([[1], [2], [3]]);
});

test('a failure reaches those who were in the call, and no others', async () => {
  const { calls, run } = held();
  const ask = gathered(run, { most: 10, flights: 1, patienceMs: 0 });
  const [first, second] = [ask(1), ask(2)];
  calls[0]?.end(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await expect.poll(() => calls.length).toBe(2);
  calls[1]?.end();
  expect(await second).toBe(20);
});

test('after a shared call the next waits for as many as there were, and not for long', async () => {
  const { calls, run } = held();
  const flown = () => calls.map(({ items }) => items);
  const ask = gathered(run, { most: 10, flights: 1, patienceMs: 0, companyMs: 60_000 });
  const first = [1, 2, 3].map(ask);
  expect(flown()).toEqual([[1]]);
  calls[0]?.end();
  await first[0];
  // The first is back, and shares the call of those who waited for it.
  void ask(4);
  expect(flown()).toEqual([[1], [2, 3, 4]]);

  const soon = gathered(run, { most: 10, flights: 1, patienceMs: 0, companyMs: 1 });
  const both = [5, 6].map(soon);
  calls[2]?.end();
  await both[0];
  await expect.poll(flown).toEqual([[1], [2, 3, 4], [5], [6]]);
});

test('what fails for one of them is asked one by one, and takes no other along', async () => {
  const asked: (readonly number[])[] = [];
  const run = async (items: readonly number[]) => {
    asked.push(items);
    if (items.includes(13)) throw new Error('poison');
    if (items.includes(7)) throw new Error('away');
    return items.map((item) => item * 10);
  };
  const isOfOne = (error: unknown) => error instanceof Error && error.message === 'poison';
  const told = (items: readonly number[]) =>
    Promise.allSettled(items.map(gathered(run, { most: 10, flights: 1, patienceMs: 0, isOfOne })));
  expect((await told([1, 2, 13, 3])).map(({ status }) => status)).toEqual([
    ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
  ]);
  expect(asked).toEqual([[1], [2, 13, 3], [2], [13], [3]]);
  asked.length = 0;
  expect((await told([1, 2, 7])).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(asked).toEqual([[1], [2, 7]]);
  // When it goes away meanwhile, those that are left do not each wait for it.
  asked.length = 0;
  const late = await told([1, 2, 13, 7, 3, 4]);
  expect(asked).toEqual([[1], [2, 13, 7, 3, 4], [2], [13], [7]]);
  expect(late.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message))).toEqual([
    ...[10, 20, 'poison', 'away', 'away', 'away'],
  ]);
});
