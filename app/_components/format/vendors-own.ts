import type { ReadSentence } from '@/app/_i18n/phrasebook';

/** Whether it is a sentence that the book does not have. Before the book is open nobody knows, and it may be ours. */
export function isVendorsOwn(book: ReadSentence | null, text: string): boolean {
  return book !== null && /[a-z]{2,} [a-z]{2,}/i.test(text) && book(text) === null;
}
