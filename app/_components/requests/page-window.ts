/** So many pages of the log are drawn at once: each row more makes every layout of the table longer. */
export const mostPages = 3;

interface PageWindow<Page> {
  readonly shown: readonly Page[];
  /** Pages before and behind those, which are read and not drawn. */
  readonly newer: number;
  readonly older: number;
}

/** The pages up to the `end`-th that was asked for, and no more than fit; the newest come first. */
export function pageWindow<Page>(pages: readonly Page[], end: number): PageWindow<Page> {
  const last = Math.min(pages.length, Math.max(end, mostPages));
  const first = Math.max(0, last - mostPages);
  return { shown: pages.slice(first, last), newer: first, older: pages.length - last };
}

interface ReadPage<Row> {
  readonly requests: readonly Row[];
  readonly next: string | null;
  readonly searched_to: string | null;
}

/** The window over what was found: a page on which nothing is like the filter says only how far back was looked. */
export function requestWindow<Row>(pages: readonly ReadPage<Row>[], end: number) {
  const found = pages.filter(({ requests }) => requests.length > 0);
  const { shown, newer, older } = pageWindow(found, end);
  const last = pages.at(-1);
  return {
    requests: shown.flatMap(({ requests }) => requests),
    newer,
    older,
    searchedTo: older > 0 ? null : (last?.searched_to ?? null),
    /** All of the log was read. */
    isNone: found.length === 0 && last?.next === null,
  };
}
