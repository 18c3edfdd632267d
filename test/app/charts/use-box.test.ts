import { expect, it } from 'vitest';
import { isSeenNow } from '@/app/_components/charts/use-box';

const [inside, outside] = [{ isIntersecting: true }, { isIntersecting: false }];

it.each([
  ['the newest of several crossings counts', [outside, inside], true],
  ['as when it left', [inside, outside], false],
  ['where nothing is known it is seen', [], true],
])('%s', (_, crossings, isSeen) => {
  expect(isSeenNow(crossings)).toBe(isSeen);
});
