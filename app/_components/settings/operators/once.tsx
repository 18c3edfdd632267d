'use client';

import { useTranslations } from 'next-intl';
import { Banner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { CopyButton } from '../../ui/copy/copy-button';

interface OnceProps {
  readonly title: string;
  readonly text: string;
  readonly copy: string;
  readonly onDone: () => void;
}

/** A token or a link, shown this once: only its digest is stored. */
export function Once({ title, text, copy, onDone }: OnceProps) {
  const t = useTranslations('operators');
  return (
    <Banner
      tone="well"
      icon="check"
      title={title}
      actions={
        <>
          <CopyButton text={text} label={copy} />
          <Button onClick={onDone}>{t('done')}</Button>
        </>
      }
    >
      <code className="break-all font-mono">{text}</code>
    </Banner>
  );
}
