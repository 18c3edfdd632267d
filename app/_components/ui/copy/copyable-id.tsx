'use client';

import { useTranslations } from 'next-intl';
import { CopyButton } from './copy-button';

/** A name to paste elsewhere. */
export function CopyableId({ text }: { readonly text: string }) {
  const t = useTranslations('ui');
  return (
    <span className="flex flex-wrap items-center gap-x-1">
      <code className="break-all font-mono text-xs">{text}</code>
      <CopyButton text={text} label={t('copy')} />
    </span>
  );
}
