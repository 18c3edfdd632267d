import type { JournalEntry } from '@/lib/api/journal-entry';
import type { MetricsView } from '@/lib/api/metrics-view';
import { sharesOf } from '@/lib/control/snapshot/story/attempts';
import { sameWeights } from '@/lib/split/weights';

/** What was ordered over a span: as it began, as far as the journal knows, and each change. Entries oldest first. */
export function weightsOver(
  before: JournalEntry | undefined,
  entries: readonly JournalEntry[],
  fromMs: number,
): MetricsView['weights'] {
  const first = sharesOf(before ? before.becomes : (entries[0]?.was ?? null));
  const ordered = first === null ? [] : [{ at: new Date(fromMs).toISOString(), weights: first }];
  for (const { at, becomes } of entries) {
    const weights = sharesOf(becomes);
    const last = ordered.at(-1)?.weights;
    if (weights !== null && !(last && sameWeights(last, weights))) ordered.push({ at, weights });
  }
  return ordered;
}
