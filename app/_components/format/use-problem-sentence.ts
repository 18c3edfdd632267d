'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { ApiProblem } from '@/app/_queries/api';
import { useServerSentence } from './use-server-sentence';

/** A refusal in the reader's language; in the server's own words where there are no others. */
export function useProblemSentence(): (problem: Pick<ApiProblem, 'code' | 'message' | 'body'>) => string {
  const t = useTranslations('problem');
  const read = useServerSentence();
  return useCallback(
    ({ code, message, body: { says } }) => {
      // A browser words it in a language of its own.
      if (code === 'network') return t('code.network');
      const key = `says.${says?.key}` as 'says.role';
      return says === undefined || !t.has(key) ? read(message) : t(key, says as never);
    },
    [t, read],
  );
}
