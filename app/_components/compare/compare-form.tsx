'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { type AskedComparison, useComparisonPrice } from '@/app/_queries/log/comparisons';
import { useRoleWhy } from '../actions/use-role-why';
import { useFormats } from '../format/use-formats';
import { Choice } from '../settings/choice';
import { Field } from '../settings/field';
import { GatedButton } from '../ui/gated-button';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { inputLook } from '../ui/reason-field';

interface CompareFormProps {
  readonly candidates: readonly string[];
  /** That both sides can make images with. */
  readonly models: readonly string[];
  readonly isRunning: boolean;
  readonly onRun: (asked: AskedComparison) => void;
}

export function CompareForm({ candidates, models, isRunning, onRun }: CompareFormProps) {
  const t = useTranslations('compare');
  const roleWhy = useRoleWhy();
  const id = useId();
  const [prompt, setPrompt] = useState('');
  const [model, setModel] = useState('');
  const [candidate, setCandidate] = useState(candidates[0] ?? '');
  const [blind, setBlind] = useState(false);
  const asked = { prompt: prompt.trim(), ...(model && { model }), ...(candidate && { candidate }) };
  const price = useComparisonPrice(roleWhy === null && candidate !== '' ? asked : null);
  const why = roleWhy ?? (asked.prompt === '' ? t('noPrompt') : null);
  const run = () => why === null && !isRunning && onRun({ ...asked, ...(blind && { blind }) });
  return (
    <Panel title={t('formTitle')} aside={<span className="text-muted text-xs">{t('outside')}</span>}>
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run();
        }}
      >
        <div className="grid gap-1">
          <label htmlFor={id} className="font-medium text-sm">
            {t('prompt')}
          </label>
          <textarea
            id={id}
            rows={3}
            maxLength={8000}
            value={prompt}
            onChange={(event) => setPrompt(event.target.value)}
            className={inputLook}
          />
        </div>
        <div className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-3">
          <Field label={t('model')}>
            <Choice
              value={model}
              options={['', ...models]}
              word={(alias) => (alias === '' ? t('usualModel') : alias)}
              onChange={setModel}
            />
          </Field>
          {candidates.length > 1 && (
            <Field label={t('candidate')}>
              <Choice value={candidate} options={candidates} onChange={setCandidate} />
            </Field>
          )}
          <label className="flex min-h-9 items-center gap-2 text-sm">
            <input type="checkbox" checked={blind} onChange={(event) => setBlind(event.target.checked)} />
            {t('blind')}
          </label>
        </div>
        {price.error && <ProblemNote problem={price.error} />}
        <div className="flex flex-wrap items-center gap-3">
          <GatedButton type="submit" look="solid" why={why} disabled={isRunning} className="min-h-9" onClick={run}>
            {t(isRunning ? 'running' : 'run')}
          </GatedButton>
          <Cost usd={price.data?.cost_usd} isKnown={price.data !== undefined} />
        </div>
      </form>
    </Panel>
  );
}

/** By the price lists, before anybody is called. */
function Cost({ usd, isKnown }: { readonly usd: number | null | undefined; readonly isKnown: boolean }) {
  const t = useTranslations('compare');
  const formats = useFormats();
  if (!isKnown) return null;
  return (
    <p role="status" className="text-muted text-sm">
      {usd == null ? t('costUnknown') : t('costs', { usd: formats.usd(usd) })}
    </p>
  );
}
