'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

// A box that scrolls must be reachable by keyboard, or its far end is not.
const reachable = { tabIndex: 0 };

interface ScrollBoxProps {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Wide or long content that scrolls in its own box, so that the page never scrolls sideways. */
export function ScrollBox({ label, className = 'overflow-x-auto', children }: ScrollBoxProps) {
  const t = useTranslations('ui');
  return (
    <section aria-label={t('scrollable', { name: label })} className={className} {...reachable}>
      {children}
    </section>
  );
}
