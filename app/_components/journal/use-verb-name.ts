'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';

/** A verb of ours in the reader's language; one we do not know stays as it was written. */
export function useVerbName(): (verb: string) => string {
  const t = useTranslations('journal');
  return useCallback(
    (verb) => {
      const key = `verb.${verb}` as 'verb.advance';
      return /^[a-z_]+$/.test(verb) && t.has(key) ? t(key) : verb;
    },
    [t],
  );
}
