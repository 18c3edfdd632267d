'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { ApiProblem } from '@/app/_queries/api';

/** A refusal in the reader's language; in the server's own words where there are no others. */
export function useProblemSentence(): (problem: Pick<ApiProblem, 'message' | 'body'>) => string {
  const t = useTranslations('problem');
  return useCallback(
    ({ message, body: { says } }) => {
      const key = `says.${says?.key}` as 'says.role';
      if (says === undefined || !t.has(key)) return message;
      const rule = `rule.${keyOfRule(String(says.rule ?? ''))}` as 'rule.must-be-a-number';
      return t(key, { ...says, ...(t.has(rule) ? { rule: t(rule) } : {}) } as never);
    },
    [t],
  );
}

/** `must be true or false` → `must-be-true-or-false` */
const longestKey = 60;
const keyOfRule = (rule: string): string =>
  rule
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, longestKey);
