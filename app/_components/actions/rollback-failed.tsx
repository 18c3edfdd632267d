'use client';

import { useTranslations } from 'next-intl';
import type { ApiProblem } from '@/app/_queries/api';
import { ProblemNote } from '../ui/problem-note';

/** A rollback that did not happen must say so in plain words; an unknown outcome is said, too. */
export function RollbackFailed({ problem }: { readonly problem: ApiProblem }) {
  const t = useTranslations('rollback');
  // A silent database may still do what it was sent; saying "nothing was changed" would be a guess.
  const outcome =
    problem.code === 'store-unavailable'
      ? 'storeAway'
      : problem.code === 'network' || (problem.status >= 502 && problem.status !== 503)
        ? 'unknownOutcome'
        : 'notDone';
  return (
    <div className="flex flex-col gap-2">
      <p role="alert" className="font-semibold text-breach">
        {t(outcome)}
      </p>
      <ProblemNote problem={problem} />
    </div>
  );
}
