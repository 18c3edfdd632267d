'use client';

import type { ReactNode } from 'react';
import { useReceived } from '@/app/_queries/snapshot';
import { classes } from '../ui/classes';
import { Skeleton } from '../ui/skeleton';

interface OnceKnownProps {
  readonly isKnown: boolean;
  readonly children: ReactNode;
}

/**
 * Laid out at once and seen as soon as it is known how tall it is: what stands below is not pushed down. Nothing is
 * seen before the page's banners are, which would push it down.
 */
export function OnceKnown({ isKnown, children }: OnceKnownProps) {
  const { data, error } = useReceived();
  const isFramed = data !== undefined || error !== null;
  return (
    <div className={classes('grid grid-cols-1', !isKnown && 'invisible')}>
      {!isKnown && isFramed && <Skeleton className="visible col-start-1 row-start-1 h-60" />}
      <div className="col-start-1 row-start-1 grid min-w-0 grid-cols-1 content-start gap-3">{children}</div>
    </div>
  );
}
