'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useReceived } from '@/app/_queries/snapshot';
import { useIsList, useSplitsHeard } from '@/app/_queries/splits';
import { Banners } from '../banners/banners';
import { classes } from '../ui/classes';
import { Skeleton } from '../ui/skeleton';
import { AwayPage } from './away-page';

/**
 * A page is laid out and asks for its data at once, and is seen in the same commit as the banners that stand above it:
 * it must not push down a heading that is being read.
 */
export function PageFrame({ children }: { readonly children: ReactNode }) {
  const t = useTranslations('overview');
  const { data, error } = useReceived();
  const isKnown = data !== undefined || error !== null;
  const isList = useIsList();
  const list = useSplitsHeard();
  // The list of splits needs no snapshot of one: what it knows stays.
  const isListed = isList && list.data !== undefined;
  if (data === undefined && error !== null && !isListed) return <AwayPage error={error} />;
  return (
    <div className="grid grid-cols-1 gap-3">
      {isKnown && <Banners />}
      <div className={classes('grid grid-cols-1', !isKnown && 'invisible')}>
        {!isKnown && (
          <div role="status" className="visible col-start-1 row-start-1 grid grid-cols-1 content-start gap-3">
            <span className="sr-only">{t('loading')}</span>
            <Skeleton className="h-8" />
            <Skeleton className="h-60" />
            <Skeleton className="h-80" />
          </div>
        )}
        <div className="col-start-1 row-start-1 grid min-w-0 grid-cols-1 gap-3">{children}</div>
      </div>
    </div>
  );
}
