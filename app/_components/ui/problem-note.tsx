'use client';

import { useTranslations } from 'next-intl';
import type { ApiProblem } from '@/app/_queries/api';
import { useProblemSentence } from '../format/use-problem-sentence';
import { useServerSentence } from '../format/use-server-sentence';
import { SignInAgain } from '../sign-in/sign-in-again';
import { Icon } from './icon';

/** Why a request was refused, and the number to quote. */
export function ProblemNote({ problem }: { readonly problem: ApiProblem }) {
  const t = useTranslations('problem');
  const read = useServerSentence();
  const more = problem.body.errors?.filter(({ detail }) => detail !== problem.message) ?? [];
  const sentence = useProblemSentence()(problem);
  // Words of the reader's own need no heading.
  const known = sentence === problem.message && t.has(`code.${problem.code}` as 'code.network');
  return (
    <div className="flex gap-2 rounded-control bg-caution-soft px-3 py-2 text-caution text-sm" role="status">
      <Icon name="alert" className="mt-0.5 size-4" />
      <div className="min-w-0">
        {known && <p className="font-medium">{t(`code.${problem.code}` as 'code.network')}</p>}
        <p>{sentence}</p>
        {problem.code === 'not-signed-in' && <SignInAgain />}
        {more.map((error) => (
          <p key={`${error.pointer} ${error.detail}`}>
            {error.pointer && <code className="font-mono text-xs">{error.pointer}</code>} {read(error.detail)}
          </p>
        ))}
        {problem.body.request_id && <p className="font-mono text-2xs">{problem.body.request_id}</p>}
      </div>
    </div>
  );
}
