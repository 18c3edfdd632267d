'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useServerSentence } from './use-server-sentence';

/** Why a call failed: in the reader's language where the sentence is ours; a vendor's own words as they came, marked as such. */
export function VendorSaid({ text }: { readonly text: string }) {
  const t = useTranslations('ui');
  const said = useServerSentence()(text);
  if (useLocale() === 'en' || said !== text || !/[a-z]{2,} [a-z]{2,}/i.test(text)) return said;
  return (
    <>
      {t('original')} <q lang="en">{text}</q>
    </>
  );
}
