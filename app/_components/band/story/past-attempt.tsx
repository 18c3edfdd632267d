'use client';

import type { Snapshot } from '@/lib/api/snapshot';
import type { RolloutAttempt } from '@/lib/api/story';
import { SplitLink } from '../../ui/split-link';
import { height, storyShape, width } from './story-shape';
import { useEndSentence } from './use-end-sentence';

interface PastAttemptProps {
  readonly attempt: RolloutAttempt;
  readonly snapshot: Snapshot;
}

/** An attempt before this one, in grey, with how it ended; leads to the row of the journal that says why. */
export function PastAttempt({ attempt, snapshot }: PastAttemptProps) {
  const sentence = useEndSentence();
  const { areas } = storyShape(attempt, snapshot, []);
  const { ended } = attempt;
  return (
    <div className="flex h-full flex-col text-2xs text-muted">
      <div className="relative min-h-0 flex-1 overflow-hidden rounded-t-control border-line-strong border-b bg-sunken">
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          className="absolute inset-0 size-full"
        >
          {areas.map(({ arm, path }) => (
            <path key={arm} d={path} fill="var(--line-strong)" fillOpacity={0.45} />
          ))}
        </svg>
      </div>
      {ended ? (
        <SplitLink
          href={`/journal/${ended.journal_id}`}
          className="line-clamp-3 h-12 pt-0.5 leading-[14px] hover:text-text hover:underline"
        >
          {sentence(ended)}
        </SplitLink>
      ) : (
        <span className="h-12" />
      )}
    </div>
  );
}
