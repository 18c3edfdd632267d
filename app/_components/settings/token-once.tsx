'use client';

import { useTranslations } from 'next-intl';
import type { AddedOperator } from '@/app/_queries/operators';
import { Banner } from '../ui/banner';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy-button';

/** Shown this once: only its digest is stored. */
export function TokenOnce({ added, onDone }: { readonly added: AddedOperator; readonly onDone: () => void }) {
  const t = useTranslations('operators');
  return (
    <Banner
      tone="well"
      icon="check"
      title={t('token', { name: added.name })}
      actions={
        <>
          <CopyButton text={added.token} label={t('copyToken')} />
          <Button onClick={onDone}>{t('done')}</Button>
        </>
      }
    >
      <code className="break-all font-mono">{added.token}</code>
    </Banner>
  );
}
