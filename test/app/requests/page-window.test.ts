import { expect, it } from 'vitest';
import { mostPages, pageWindow } from '@/app/_components/requests/page-window';

const pages = (count: number) => Array.from({ length: count }, (_, at) => at);
const all = Number.POSITIVE_INFINITY;

it('draws all pages while they fit, and then those that were read last', () => {
  expect(pageWindow(pages(0), all)).toEqual({ shown: [], newer: 0, older: 0 });
  expect(pageWindow(pages(mostPages), all)).toEqual({ shown: pages(mostPages), newer: 0, older: 0 });
  expect(pageWindow(pages(mostPages + 1), all)).toEqual({
    ...{ shown: pages(mostPages + 1).slice(1), newer: 1, older: 0 },
  });
});

it('goes back to newer ones page by page, never past the newest, and never to less than fit', () => {
  const many = pages(mostPages + 3);
  expect(pageWindow(many, mostPages + 2)).toEqual({ shown: many.slice(2, -1), newer: 2, older: 1 });
  expect(pageWindow(many, mostPages)).toEqual({ shown: many.slice(0, -3), newer: 0, older: 3 });
  expect(pageWindow(many, 1)).toEqual(pageWindow(many, mostPages));
  // Another filter has fewer.
  expect(pageWindow(pages(2), mostPages + 2)).toEqual({ shown: pages(2), newer: 0, older: 0 });
});
