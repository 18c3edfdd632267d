'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { type CallerList, type CallerView, useAllow } from '@/app/_queries/registry/callers';
import { useProblemSentence } from '../format/use-problem-sentence';
import { Button } from '../ui/button';
import { inputLook } from '../ui/reason-field';
import { namesIn } from './names-in';
import { useDraft } from './use-draft';

/** What a caller may ask for or relay, a name a line; what is wrong with one stands at the field. */
export function CallerListForm({ caller, list }: { readonly caller: CallerView; readonly list: CallerList }) {
  const t = useTranslations('callers');
  const id = useId();
  const allow = useAllow(list);
  const {
    texts: { text },
    setTexts,
    meanwhile,
  } = useDraft({ text: caller[list].join('\n') });
  const names = namesIn(text);
  const isChanged = names.join(' ') !== caller[list].join(' ');
  const problem = allow.error;
  const sentence = useProblemSentence();
  return (
    <form
      aria-label={t(`${list}Of`, { name: caller.name })}
      className="grid content-start gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        allow.mutate({ name: caller.name, names }, { onSuccess: () => setTexts({ text: names.join('\n') }) });
      }}
    >
      <label htmlFor={id} className="text-muted text-xs">
        {t(list)}
      </label>
      <textarea
        id={id}
        rows={2}
        spellCheck={false}
        placeholder={t(`${list}All`)}
        aria-invalid={problem !== null || undefined}
        aria-describedby={`${id}-said`}
        value={text}
        onChange={(event) => setTexts({ text: event.target.value })}
        className={`${inputLook} font-mono text-xs`}
      />
      <span className="flex flex-wrap items-center gap-2">
        <Button type="submit" disabled={!isChanged || allow.isPending}>
          {t('save')}
        </Button>
        {meanwhile.length > 0 && (
          <span role="status" className="text-caution text-sm">
            {t('meanwhile', { now: caller[list].join(', ') || t(`${list}All`) })}
          </span>
        )}
        <span id={`${id}-said`} role="status" className={problem ? 'text-caution text-sm' : 'text-good text-sm'}>
          {problem ? sentence(problem) : allow.isSuccess && !isChanged ? t('saved') : ''}
        </span>
      </span>
    </form>
  );
}
