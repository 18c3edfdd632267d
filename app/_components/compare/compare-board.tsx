'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useCompare, useComparisons } from '@/app/_queries/log/comparisons';
import { OnceKnown } from '../jobs/once-known';
import { Empty } from '../ui/empty';
import { ProblemNote } from '../ui/problem-note';
import { CompareForm } from './compare-form';
import { ComparedPair } from './compared-pair';
import { VotesPanel } from './votes-panel';

/** One prompt, both arms, two images: for choosing the better one before customers are given either. */
export function CompareBoard() {
  const t = useTranslations('compare');
  const { data, error } = useComparisons();
  const run = useCompare();
  const [prompt, setPrompt] = useState('');
  const isImage = data?.kind === 'image';
  return (
    <OnceKnown isKnown={data !== undefined || error !== null}>
      <h1 className="font-semibold text-xl">{t('title')}</h1>
      {error && <ProblemNote problem={error} />}
      {data && !isImage && <Empty title={t('onlyImages')}>{t('onlyImagesHint')}</Empty>}
      {data && isImage && (
        <CompareForm
          candidates={data.candidates}
          models={data.models}
          isRunning={run.isPending}
          onRun={(asked) => {
            setPrompt(asked.prompt);
            run.mutate(asked);
          }}
        />
      )}
      {run.error && <ProblemNote problem={run.error} />}
      {run.data && <ComparedPair key={run.data.id} made={run.data} prompt={prompt} />}
      {data && isImage && <VotesPanel view={data} />}
    </OnceKnown>
  );
}
