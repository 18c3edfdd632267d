import type { AlertView } from '@/lib/api/alerts';
import type { AlertStore } from '@/lib/control/alerts/alert-store';
import type { AnchorBook } from '@/lib/control/journal/anchor-book';
import { bookDoubt } from '@/lib/control/journal/book-doubt';
import type { IntegrityFault } from '@/lib/control/journal/integrity';
import type { IntegrityStore } from '@/lib/control/journal/integrity-store';

export interface IntegrityWatch {
  readonly store: IntegrityStore;
  readonly book: AnchorBook;
  readonly alerts: AlertStore;
}

const kind = 'journal_tampered';

/**
 * Whether a write went past the guards; each fault is an alert for as long as it lasts. The heads of the journal are
 * anchored only while nothing that was anchored is missing: what was seen once must stay.
 */
export async function watchIntegrity(
  { store, book, alerts }: IntegrityWatch,
  { isWhole, now }: { readonly isWhole: boolean; readonly now: Date },
): Promise<readonly IntegrityFault[]> {
  const { faults: found, heads } = await store.check(book.load(), isWhole);
  const faults = [...found, ...doubted(book)];
  if (!found.some(({ key }) => key.startsWith('anchor '))) book.keep(heads, now);
  const open = (await alerts.open()).filter((alert) => alert.kind === kind && alert.resolved_at === null);
  for (const { key, sentence } of faults) {
    if (open.some((alert) => alert.params.key === key)) continue;
    const restored = key.startsWith('anchor ') ? ` If the database was restored on purpose, delete ${book.place}.` : '';
    const params = { seen_by: book.owner };
    await alerts.raise({ kind, key, detail: `${sentence}${restored}`, params, blocksAdvance: false });
  }
  for (const alert of open) {
    const key = String(alert.params.key);
    // A look that did not verify every hash cannot say that a chain is whole again.
    const isOver = !faults.some((fault) => fault.key === key) && (isWhole || !key.startsWith('chain '));
    if (isOver && mayResolve(alert, key, book)) await alerts.resolve(kind, key);
  }
  return faults;
}

/** What one book saw another knows nothing of: it stands until that one says otherwise, or a person has seen it. */
function mayResolve({ params, acknowledged }: AlertView, key: string, { owner }: AnchorBook): boolean {
  const isOfBook = key === 'book' || key.startsWith('anchor ');
  return !isOfBook || acknowledged !== null || (params.seen_by ?? owner) === owner;
}

function doubted(book: AnchorBook): readonly IntegrityFault[] {
  const doubt = bookDoubt(book);
  return doubt === null ? [] : [{ key: 'book', sentence: `${doubt.what}; ${doubt.fix}.` }];
}
