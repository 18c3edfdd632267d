import { expect, it } from 'vitest';
import { isVendorsOwn } from '@/app/_components/format/vendors-own';
import { phrasebook } from '@/app/_i18n/phrasebook';

const book = phrasebook({ 'the probe failed': '探测失败', 'see page {place}': 'see page {place}' });

it.each([
  ['cannot render that', true],
  // Read, and the same in both languages.
  ['see page two', false],
  ['the probe failed', false],
  ['E1234', false],
])("%s is a vendor's own sentence: %s", (text, expected) => {
  expect(isVendorsOwn(book, text)).toBe(expected);
});

it('says so of nothing before the book is open, for it may be ours', () => {
  expect(isVendorsOwn(null, 'cannot render that')).toBe(false);
});
