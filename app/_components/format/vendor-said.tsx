'use client';

import { useTranslations } from 'next-intl';
import { useServerBook } from './use-server-sentence';
import { isVendorsOwn } from './vendors-own';

/** Why a call failed: in the reader's language where the sentence is ours; a vendor's own words as they came, marked as such. */
export function VendorSaid({ text }: { readonly text: string }) {
  const t = useTranslations('ui');
  const book = useServerBook();
  if (!isVendorsOwn(book, text)) return book?.(text) ?? text;
  return (
    <>
      {t('original')} <q lang="en">{text}</q>
    </>
  );
}
