'use client';

import { useTranslations } from 'next-intl';
import type { ApiProblem } from '@/app/_queries/api';
import { ProblemNote } from '../ui/problem-note';

/** A rollback that did not happen must say so in plain words; that nobody knows is an outcome too. */
export function RollbackFailed({ problem }: { readonly problem: ApiProblem }) {
  const t = useTranslations('rollback');
  const unsure = problem.code === 'network' || problem.status >= 502;
  return (
    <div className="flex flex-col gap-2">
      <p role="alert" className="font-semibold text-breach">
        {unsure && problem.status !== 503 ? t('unknownOutcome') : t('notDone')}
      </p>
      <ProblemNote problem={problem} />
    </div>
  );
}
