'use client';

import { useTranslations } from 'next-intl';
import type { RedLineView } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';
import { useOverSince } from '../state/lines/use-over-since';

const around = 2 * Math.PI * 6;

/** How much of its hold a breach has lasted; there is none where nothing is over. */
export function HoldRing({ line, now }: { readonly line: RedLineView; readonly now: string }) {
  const t = useTranslations('tile');
  const { duration } = useFormats();
  const { breached_for_seconds: over, hold_seconds: hold } = line;
  const { since, held } = useOverSince(now)(line);
  if (over <= 0) return null;
  const share = hold > 0 ? Math.min(1, over / hold) : 1;
  return (
    <p className="flex items-center gap-1.5 font-medium text-breach text-xs">
      <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 shrink-0 -rotate-90" fill="none" strokeWidth="3">
        <circle cx="8" cy="8" r="6" stroke="var(--line)" />
        <circle cx="8" cy="8" r="6" stroke="var(--breach)" strokeDasharray={`${share * around} ${around}`} />
      </svg>
      {since === null
        ? t('holdFull', { hold: duration(hold) })
        : t('hold', { since, over: held, hold: duration(hold) })}
    </p>
  );
}
