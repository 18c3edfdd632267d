import { expect, it } from 'vitest';
import { mostPages, pageWindow, requestWindow } from '@/app/_components/requests/page-window';

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

const page = (id: string | null, searched_to: string | null = null, next: string | null = 'further') => ({
  requests: id === null ? [] : [{ request_id: id }],
  next,
  searched_to,
});
const [noon, one] = ['2026-03-02T12:00:00Z', '2026-03-02T11:00:00Z'];
const ids = ['a', 'b', 'c'];
const found = [...ids.map((id) => page(id)), page(null, noon), page(null, one)];

it('keeps in sight what was found, however many pages behind it hold nothing', () => {
  const rows = ids.map((request_id) => ({ request_id }));
  const seen = { requests: rows, newer: 0, older: 0, searchedTo: one, isNone: false };
  expect(requestWindow(found, all)).toEqual(seen);
  expect(requestWindow([...found, page(null, null, null)], all)).toEqual({ ...seen, searchedTo: null });
  const more = requestWindow([page(null, noon), ...found, page('d')], all);
  expect(more).toEqual({ ...seen, requests: [...rows.slice(1), { request_id: 'd' }], newer: 1, searchedTo: null });
  expect(requestWindow([...found, page('d', one)], mostPages)).toMatchObject({
    requests: rows,
    older: 1,
    searchedTo: null,
  });
});

it('says that there is none once all of the log was read, and not before', () => {
  const empty = [page(null, noon), page(null, one)];
  expect(requestWindow([], all).isNone).toBe(false);
  expect(requestWindow(empty, all)).toMatchObject({ requests: [], newer: 0, searchedTo: one, isNone: false });
  expect(requestWindow([...empty, page(null, null, null)], all).isNone).toBe(true);
  expect(requestWindow([...found, ...empty, page(null, null, null)], all).isNone).toBe(false);
});
