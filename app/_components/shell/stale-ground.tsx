'use client';

import type { ReactNode } from 'react';
import { useFreshness } from '@/app/_queries/server-now';

/** What lies on it loses the colour of well while nobody knows whether it still is: app/tokens.css. */
export function StaleGround({ children }: { readonly children: ReactNode }) {
  const { isStale } = useFreshness();
  return (
    <div data-stale={isStale ? '' : undefined} className="contents">
      {children}
    </div>
  );
}
