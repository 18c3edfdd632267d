'use client';

import { useTranslations } from 'next-intl';
import type { TestOutcome } from '@/app/_queries/people/channels';
import { useServerSentence } from '../../format/use-server-sentence';
import { Icon } from '../../ui/icon';

/** What the other side made of the message: taken, or its own words for why not. */
export function TestResult({ outcome }: { readonly outcome: TestOutcome }) {
  const t = useTranslations('channels');
  const read = useServerSentence();
  return outcome.delivered ? (
    <p className="flex items-center gap-1.5 text-good text-sm">
      <Icon name="check" />
      {t('delivered')}
    </p>
  ) : (
    <p className="flex items-start gap-1.5 text-caution text-sm">
      <Icon name="alert" className="mt-0.5 size-4" />
      {t('notDelivered', { error: outcome.error === null ? '–' : read(outcome.error) })}
    </p>
  );
}
