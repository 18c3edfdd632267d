'use client';

import { useTranslations } from 'next-intl';
import { readEvidence } from '@/lib/api/evidence';
import type { JournalEntry } from '@/lib/api/journal-entry';
import { RollbackReason } from './rollback-reason';

/** Why: as a person wrote it, and in the reader's language where the watchdog did. */
export function ReasonText({ entry }: { readonly entry: JournalEntry }) {
  const t = useTranslations('problem.says');
  const { actor, verb, reason, evidence } = entry;
  if (actor === 'watchdog' && readEvidence(evidence).decisive) return <RollbackReason entry={entry} brief />;
  const to = (evidence as { readonly to?: unknown } | null)?.to;
  if (actor === 'watchdog' && verb === 'advance' && typeof to === 'string') return t('watchdog-advance', { to });
  return reason ?? <span className="text-muted">–</span>;
}
