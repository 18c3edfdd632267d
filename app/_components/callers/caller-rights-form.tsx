'use client';

import { useTranslations } from 'next-intl';
import { type CallerView, useChangeCaller } from '@/app/_queries/registry/callers';
import { useProblemSentence } from '../format/use-problem-sentence';
import { Field } from '../settings/field';
import { Button } from '../ui/button';
import { inputLook } from '../ui/reason-field';
import { changedRights, scopesIn } from './changed-rights';
import { ScopeChoice } from './scope-choice';
import { useDraft } from './use-draft';

/** What a caller may do, and how often. A limit of what it may do no longer goes along, and is named before. */
export function CallerRightsForm({ caller }: { readonly caller: CallerView }) {
  const t = useTranslations('callers');
  const change = useChangeCaller();
  const sentence = useProblemSentence();
  const was = { scopes: caller.scopes.join(' '), rate: String(caller.rate_per_minute ?? '') };
  const { texts, from, setTexts, meanwhile } = useDraft(was);
  const changed = changedRights(caller, texts, from);
  const isChanged = Object.keys(changed).length > 0;
  const alongside = (['prefixes', 'models', 'quota'] as const).filter((limit) => changed[limit] !== undefined);
  const now = { scopes: was.scopes || t('nothing'), rate: was.rate || t('noRate') };
  return (
    <details className="text-sm">
      <summary className="w-fit min-h-6 cursor-pointer text-link text-xs underline underline-offset-2">
        {t('change')}
      </summary>
      <form
        aria-label={t('rightsOf', { name: caller.name })}
        className="grid gap-2 py-2"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ name: caller.name, ...changed });
        }}
      >
        <ScopeChoice
          chosen={scopesIn(texts.scopes)}
          onChange={(scopes) => setTexts({ ...texts, scopes: scopes.join(' ') })}
        />
        <div className="w-40">
          <Field label={t('rateField')}>
            <input
              type="number"
              min={1}
              placeholder={t('noRate')}
              value={texts.rate}
              onChange={(event) => setTexts({ ...texts, rate: event.target.value })}
              className={inputLook}
            />
          </Field>
        </div>
        {alongside.length > 0 && (
          <p role="status" className="text-caution">
            {t('goesAlong', { what: alongside.map((limit) => t(`limit.${limit}`)).join(t('and')) })}
          </p>
        )}
        <span className="flex flex-wrap items-center gap-2">
          <Button type="submit" disabled={!isChanged || change.isPending}>
            {t('save')}
          </Button>
          {meanwhile.length > 0 && (
            <span role="status" className="text-caution">
              {t('meanwhile', { now: meanwhile.map((part) => now[part]).join(', ') })}
            </span>
          )}
          <span role="status" className={change.error ? 'text-caution' : 'text-good'}>
            {change.error ? sentence(change.error) : change.isSuccess && !isChanged ? t('saved') : ''}
          </span>
        </span>
      </form>
    </details>
  );
}
