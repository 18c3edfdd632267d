'use client';

import { useTranslations } from 'next-intl';
import type { Evidence } from '@/lib/rule/verdict';
import { numberFormat } from '../format/formatters';
import { useFormats } from '../format/use-formats';

interface EvidenceNotesProps {
  /** Rows of before know neither the line's own chance nor a pattern. */
  readonly evidence: Partial<Evidence>;
  readonly odds: (chance: number) => string;
}

/** What else was weighed, where it made a difference or nearly did. */
export function EvidenceNotes({ evidence, odds }: EvidenceNotesProps) {
  const t = useTranslations('evidence');
  const { locale } = useFormats();
  const { atLine = 0, lineThreshold = 0, dispersion = 1, pattern } = evidence;
  const times = numberFormat(locale, { maximumFractionDigits: 1 }).format(dispersion);
  const notes = [
    ...(pattern === 'comes_and_goes' ? [t('comesAndGoes')] : []),
    ...(atLine > lineThreshold / 10 ? [t('atLine', { odds: atLine < 0.5 ? odds(atLine) : t('asLikely') })] : []),
    ...(dispersion > 1 ? [t('bunched', { times })] : []),
  ];
  return notes.map((note) => (
    <span key={note} className="block text-2xs text-muted">
      {note}
    </span>
  ));
}
