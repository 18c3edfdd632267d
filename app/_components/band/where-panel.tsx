'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { Headline } from './headline';
import { Stepper } from './stepper';

/** Where it stands, whether it is well, and where in the plan that is. */
export function WherePanel({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('overview');
  return (
    <section
      aria-label={t('where')}
      className="flex min-w-0 flex-col justify-between gap-3 rounded-panel border bg-surface p-4 lg:col-start-1 lg:row-start-1"
    >
      <Headline snapshot={snapshot} />
      <Stepper snapshot={snapshot} />
    </section>
  );
}
