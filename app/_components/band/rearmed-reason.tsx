'use client';

import { useTranslations } from 'next-intl';
import type { StoryRearm } from '@/lib/api/story';
import { SplitLink } from '../ui/split-link';

interface RearmedReasonProps {
  readonly rearmed: StoryRearm;
  /** Who did it and when, where nothing above says so. */
  readonly sentence: string | null;
}

/** Why it may begin again, in the words of the operator who re-armed it. */
export function RearmedReason({ rearmed: { reason, journal_id: id }, sentence }: RearmedReasonProps) {
  const t = useTranslations('headline.rearmed');
  return (
    <p className="mt-1 text-muted text-sm">
      {sentence && <span className="text-text">{sentence}</span>} {reason && <>“{reason}” · </>}
      <SplitLink href={`/journal/${id}`} className="underline underline-offset-2">
        {t('journal')}
      </SplitLink>
    </p>
  );
}
