'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { ApiProblem } from '@/app/_queries/api';
import {
  type ComparisonChoice,
  type ComparisonItem,
  type ComparisonVote,
  comparisonChoices,
} from '@/lib/api/comparisons-view';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem-note';
import { ReasonField } from '../ui/reason-field';

interface VoteFormProps {
  readonly sides: ComparisonItem['sides'];
  readonly voted: ComparisonVote | null;
  readonly isSending: boolean;
  readonly problem: ApiProblem | null;
  readonly onVote: (choice: ComparisonChoice, reason: string) => void;
}

export function VoteForm({ sides, voted, isSending, problem, onVote }: VoteFormProps) {
  const t = useTranslations('compare');
  const [reason, setReason] = useState('');
  const isFor = (choice: ComparisonChoice) => (choice === 'neither' ? null : sides[choice].arm);
  if (voted !== null) {
    return (
      <p role="status" className="mt-3 border-t pt-3 font-medium text-sm">
        {voted.arm === null ? t('votedNeither') : t('votedFor', { arm: voted.arm })}
      </p>
    );
  }
  return (
    <fieldset className="mt-3 grid gap-2 border-t pt-3">
      <legend className="sr-only">{t('voteTitle')}</legend>
      <ReasonField value={reason} onChange={setReason} required={false} label={t('why')} keptBy="log" />
      <div className="flex flex-wrap gap-2">
        {comparisonChoices.map((choice) => (
          <Button
            key={choice}
            disabled={isSending}
            onClick={() => onVote(choice, reason)}
            className="min-h-9 grow sm:grow-0"
          >
            {t(`vote.${choice}`)}
            {isFor(choice) !== null && <span className="font-normal">({isFor(choice)})</span>}
          </Button>
        ))}
      </div>
      {problem && <ProblemNote problem={problem} />}
    </fieldset>
  );
}
