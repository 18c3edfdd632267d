'use client';

import { useTranslations } from 'next-intl';
import { useSignedOut } from '@/app/_queries/signed-out';

/** The way back in that keeps this page as it is, where the session has ended. */
export function SignInAgain() {
  const t = useTranslations('problem');
  if (!useSignedOut()) return null;
  return (
    <a href="/sign-in" target="_blank" rel="noopener" className="font-medium underline underline-offset-2">
      {t('signInAgain')}
    </a>
  );
}
