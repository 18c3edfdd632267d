'use client';

import { useTranslations } from 'next-intl';
import { ApiProblem } from '@/app/_queries/api';
import { useFreshness } from '@/app/_queries/server-now';
import { Said } from '../format/said';
import { useFormats } from '../format/use-formats';
import { Icon } from '../ui/icon';

/** The last data stays on the screen; this says how old it is and why. */
export function StaleStripe() {
  const t = useTranslations('freshness');
  const { duration } = useFormats();
  const { ageMs, isStale, error } = useFreshness();
  const isAway = error instanceof ApiProblem && error.code === 'store-unavailable';
  // A server that says there is no such split has answered; the page says the rest.
  const isMissing = error instanceof ApiProblem && error.code === 'unknown-split';
  if (!isStale || isMissing) return null;
  return (
    <div
      role="status"
      className="flex items-center gap-2 border-caution border-b bg-[repeating-linear-gradient(135deg,var(--caution-soft)_0_12px,var(--surface)_12px_24px)] px-4 py-1.5 text-caution text-sm"
    >
      <Icon name="alert" />
      <span>
        <span className="rounded bg-surface px-1.5 py-0.5 font-medium">
          {ageMs === null ? t('noData') : t('stripe', { age: duration(ageMs / 1000) })}
        </span>
        {error && (
          <span className="rounded bg-surface px-1.5 py-0.5">
            {' '}
            <Said text={error.message} />
          </span>
        )}
        {isAway && <span className="rounded bg-surface px-1.5 py-0.5"> {t('away')}</span>}
      </span>
    </div>
  );
}
