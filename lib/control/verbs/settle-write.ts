import type { Written } from '@/lib/api/views';
import { isoOrNull } from '@/lib/kernel/instant';
import { Refusal, type RefusalCode, says } from '@/lib/kernel/refusal';
import type { WriteOutcome } from '../flags/flag-write';

/** A write that landed, or the refusal that says why not: stale with who moved it, invalid with the database's words. */
export function settleWrite(outcome: WriteOutcome, invalid: RefusalCode, expected: number | null): Written {
  if (outcome.kind === 'written') return { version: outcome.version, journal_id: outcome.journalId };
  if (outcome.kind === 'refused') throw new Refusal(invalid, outcome.sentence);
  throw staleVersion(expected, outcome);
}

type Stale = Extract<WriteOutcome, { kind: 'stale' }>;

export function staleVersion(expected: number | null, { row, by, atMs }: Omit<Stale, 'kind'>): Refusal {
  const at = isoOrNull(atMs);
  const moved = by === null ? 'it has moved on' : `${by} moved it${at ? ` at ${at}` : ''}`;
  const detail = row
    ? `You acted on version ${expected}; the split is at version ${row.version}: ${moved}.`
    : `You acted on version ${expected}; it is gone: ${moved}.`;
  return new Refusal('stale-version', detail, {
    version: row?.version ?? null,
    weights: row?.weights ?? null,
    stage: row?.stage ?? null,
    by,
    at,
    ...says('stale-version', { expected: expected ?? '?', version: row?.version ?? '?', by: by ?? '?', at: at ?? '?' }),
  });
}
