'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { ApiProblem } from '@/app/_queries/api';

/** A refusal in the reader's language; in the server's own words where there are no others. */
export function useProblemSentence(): (problem: Pick<ApiProblem, 'message' | 'body'>) => string {
  const t = useTranslations('problem');
  return useCallback(
    ({ message, body: { says } }) => {
      if (says?.key === undefined) return message;
      const key = `says.${says.key}` as 'says.role';
      return t.has(key) ? t(key, says as never) : message;
    },
    [t],
  );
}
