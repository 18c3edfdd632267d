'use client';

import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { Button } from '../_components/ui/button';
import { forgetKept } from '../_queries/kept';

/** The header with its rollback button stays: it lives in the layout above this boundary. */
export default function PageError({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string };
  reset: () => void;
}) {
  const t = useTranslations('pageError');
  // What was kept may be what cannot be shown: to try again, or to load anew, must not end here again.
  useEffect(forgetKept, []);
  return (
    <div className="grid justify-items-start gap-2 rounded-panel border bg-surface p-6">
      <h1 className="font-semibold text-lg">{t('title')}</h1>
      <p className="text-muted text-sm">{error.message}</p>
      {error.digest && <code className="font-mono text-xs">{error.digest}</code>}
      <Button look="solid" onClick={reset}>
        {t('again')}
      </Button>
    </div>
  );
}
