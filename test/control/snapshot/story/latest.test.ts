import { expect, it } from 'vitest';
import { Latest } from '@/lib/control/snapshot/story/latest';

it('asks once as long as what determines the answer stays the same', async () => {
  const latest = new Latest();
  let asked = 0;
  const ask = async () => ++asked;
  expect([await latest.to('a', [1], ask), await latest.to('a', [1], ask), await latest.to('a', [2], ask)]).toEqual([
    1, 1, 2,
  ]);
});

it('waits only for the first answer, asks for the next beside, and keeps the old one where that fails', async () => {
  const latest = new Latest();
  const answers = [() => Promise.reject(new Error('away')), async () => 'new'];
  const ask = () => (answers.shift() ?? (async () => 'more'))();
  expect(await latest.lately('a', [1], async () => 'old')).toBe('old');
  expect(await latest.lately('a', [2], ask)).toBe('old');
  await new Promise(setImmediate);
  expect(await latest.lately('a', [2], ask)).toBe('old');
  await new Promise(setImmediate);
  expect(await latest.lately('a', [2], ask)).toBe('new');
  expect(answers).toEqual([]);
});
