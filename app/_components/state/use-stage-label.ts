'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { useStageName } from './use-stage-name';

interface Staged {
  readonly stage: string;
  readonly without: readonly string[];
}

/** `D1 without x`, in the reader's language. */
export function useStageLabel(): (at: Staged) => string {
  const t = useTranslations('splits');
  const stageName = useStageName();
  return useCallback(
    ({ stage, without }) =>
      without.length === 0 ? stageName(stage) : t('without', { stage: stageName(stage), arms: without.join(', ') }),
    [t, stageName],
  );
}
