import { describe, expect, it } from 'vitest';
import { followed } from '@/app/_components/callers/use-draft';

const draft = (cap: string, other: string, from: string) => ({
  texts: { cap, other },
  from: { cap: from, other: '7' },
});

describe('fields that others change as well', () => {
  it.each([
    ['follow while nothing is written', draft('1', '7', '1'), '2', draft('2', '7', '2')],
    ['keep what is written, and what it was written over', draft('5', '7', '1'), '2', draft('5', '7', '1')],
    ['are settled once both say the same', draft('5', '7', '1'), '5', draft('5', '7', '5')],
    ['follow beside one that is written into', draft('1', '9', '1'), '2', draft('2', '9', '2')],
    ['follow to nothing, too', draft('1', '7', '1'), '', draft('', '7', '')],
  ])('%s', (_, before, cap, after) => {
    expect(followed(before, { cap, other: '7' })).toEqual(after);
  });

  it('are the same object while nothing moves, so that a page comes to rest', () => {
    const before = draft('5', '7', '1');
    expect(followed(before, { cap: '2', other: '7' })).toBe(before);
  });
});
