import { describe, expect, it } from 'vitest';
import { matching } from '@/app/_components/palette/matching';

const choices = [
  { text: 'Roll back now' },
  { text: 'Providers' },
  { text: 'Posters', also: 'shop-posters' },
  { text: '策略' },
];
const found = (text: string) => matching(choices, text).map((choice) => choice.text);

describe('what the palette finds', () => {
  it.each([
    ['', ['Roll back now', 'Providers', 'Posters', '策略']],
    ['p', ['Providers', 'Posters']],
    ['  NOW back ', ['Roll back now']],
    ['shop', ['Posters']],
    ['rs', ['Providers', 'Posters']],
    ['策', ['策略']],
    ['po vi', []],
  ])('by %j', (text, names) => expect(found(text)).toEqual(names));

  it('puts what begins with it before what has it inside', () => {
    expect(
      matching([{ text: 'Overview' }, { text: 'A view' }, { text: 'View' }], 'view').map(({ text }) => text),
    ).toEqual(['View', 'A view', 'Overview']);
  });
});
