'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { Button } from '../button';
import { Icon } from '../icon';

interface CopyButtonProps {
  readonly text: string | (() => string);
  readonly label: ReactNode;
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const t = useTranslations('ui');
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const copy = async () => {
    try {
      // Absent on plain http to a LAN address; then there is nothing to promise.
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setState('copied');
    } catch {
      setState('failed');
    }
  };
  return (
    <Button look="plain" className="px-2" onClick={copy}>
      <Icon name={state === 'copied' ? 'check' : 'copy'} />
      {label}
      <span role="status" className={state === 'idle' ? 'sr-only' : 'text-muted text-xs'}>
        {state === 'copied' ? t('copied') : state === 'failed' ? t('copyFailed') : ''}
      </span>
    </Button>
  );
}
