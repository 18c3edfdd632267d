'use client';

import { useTranslations } from 'next-intl';
import { ApiProblem } from '@/app/_queries/api';
import { useFreshness, useServerNowMs } from '@/app/_queries/server-now';
import { useSignedOut } from '@/app/_queries/signed-out';
import { formatInstant } from '../format/instant';
import { Said } from '../format/said';
import { useFormats } from '../format/use-formats';
import { SignInAgain } from '../sign-in/sign-in-again';
import { CopyableId } from '../ui/copy/copyable-id';
import { Icon } from '../ui/icon';

/** The last data stays on the screen; this says how old it is and why. */
export function StaleStripe() {
  const t = useTranslations('freshness');
  const { duration, locale } = useFormats();
  const { ageMs, isStale, error, isAway } = useFreshness();
  const nowMs = useServerNowMs() ?? 0;
  // A server that says there is no such split has answered; the page says the rest.
  const isMissing = error instanceof ApiProblem && error.code === 'unknown-split';
  const isTold = isStale && !isMissing;
  const isOut = useSignedOut();
  if (!isTold && !isOut) return null;
  const instant = (ms: number) => formatInstant(new Date(ms).toISOString(), nowMs, locale, undefined);
  return (
    <div
      role="status"
      className="border-caution border-b bg-[repeating-linear-gradient(135deg,var(--caution-soft)_0_12px,var(--surface)_12px_24px)] px-2.5 py-1.5 text-caution text-sm md:px-4"
    >
      <p className="flex items-start gap-1.5 rounded bg-surface px-1.5 py-0.5">
        <Icon name="alert" className="mt-0.5" />
        <span>
          {isTold && (
            <>
              <b className="font-medium">
                {ageMs === null
                  ? t('noData')
                  : t('stripe', { age: duration(ageMs / 1000), at: instant(nowMs - ageMs) })}
              </b>{' '}
              {error && <Said text={error.message} />} {isAway && t('away')}{' '}
              {isAway && <CopyableId text="npm run sluice -- doctor" />}
            </>
          )}
          <SignInAgain />
        </span>
      </p>
    </div>
  );
}
