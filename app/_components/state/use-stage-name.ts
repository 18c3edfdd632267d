'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';

const named = ['baseline', 'rolled_back', 'custom'] as const;

/** The plan's own names as they are; the three states that are no stage of the plan, in the reader's language. */
export function useStageName(): (stage: string) => string {
  const t = useTranslations('stageName');
  return useCallback(
    (stage) => {
      const state = named.find((name) => name === stage);
      return state ? t(state) : stage;
    },
    [t],
  );
}
