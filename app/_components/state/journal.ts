import type { JournalEntry } from '@/lib/api/journal-entry';
import type { Tone } from './condition';

export function isStageMove(entry: JournalEntry): boolean {
  return entry.stage_from !== entry.stage_to;
}

export function verbTone(verb: string): Tone {
  if (verb === 'rollback') return 'breach';
  if (verb === 'override' || verb === 'sql' || verb === 'pause') return 'caution';
  return verb === 'advance' ? 'well' : 'unknown';
}
