'use client';

import type { AttemptEnd } from '@/lib/api/story';
import { classes } from '../../ui/classes';
import { SplitLink } from '../../ui/split-link';
import { useEndSentence } from './use-end-sentence';

interface EndLabelProps {
  readonly ended: AttemptEnd;
  /** How far to the right the end stands. */
  readonly share: number;
  readonly isPast: boolean;
}

/** From how far it fell, left of the line where it did; leads to the row of the journal that says why. */
export function EndLabel({ ended, share, isPast }: EndLabelProps) {
  const sentence = useEndSentence();
  return (
    <>
      <span
        aria-hidden="true"
        className={classes('absolute inset-y-0 w-0.5', isPast ? 'bg-line-strong' : 'bg-breach')}
        style={{ left: `${share * 100}%` }}
      />
      <SplitLink
        href={`/journal/${ended.journal_id}`}
        className={classes(
          'absolute top-1.5 max-w-[75%] rounded bg-surface px-1.5 py-1 font-medium text-2xs underline-offset-2 hover:underline',
          isPast ? 'text-muted' : 'text-breach',
        )}
        style={{ right: `calc(${(1 - share) * 100}% + 4px)` }}
      >
        {sentence(ended)}
      </SplitLink>
    </>
  );
}
