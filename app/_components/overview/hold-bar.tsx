'use client';

import { useTranslations } from 'next-intl';
import type { RedLineView } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';

/** How much of its hold a breach has lasted. Keeps its height when there is none, so that tiles do not jump. */
export function HoldBar({ line }: { readonly line: RedLineView }) {
  const t = useTranslations('tile');
  const { duration } = useFormats();
  const { breached_for_seconds: over, hold_seconds: hold } = line;
  const share = hold > 0 ? Math.min(1, over / hold) : 0;
  return (
    <div className="mt-1.5 flex items-center gap-2 text-xs">
      <div aria-hidden="true" className="h-1 flex-1 rounded-full bg-line">
        <div className="h-full rounded-full bg-breach" style={{ width: `${share * 100}%` }} />
      </div>
      <span className={over > 0 ? 'font-medium text-breach' : 'text-muted'}>
        {t('hold', { over: duration(over), hold: duration(hold) })}
      </span>
    </div>
  );
}
