import type { AnchorBook } from './anchor-book';

/** What was seen before is not known then: not the same as a first look. */
export function bookDoubt(book: Pick<AnchorBook, 'doubt' | 'place'>): { what: string; fix: string } | null {
  const doubt = book.doubt();
  if (doubt === null) return null;
  return {
    what: `${book.place} ${doubt}: what was seen of the journal before cannot be compared`,
    fix: 'compare with the anchors of alerts and logs (sluice journal --verify --anchor LINE), then move the file away',
  };
}
