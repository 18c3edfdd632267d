'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { objectIn } from '@/app/_components/state/object-in';
import { usePutProvider } from '@/app/_queries/registry/providers';
import type { ProviderEntryView } from '@/lib/api/splits-view';
import { isObject } from '@/lib/kernel/json-text';
import { useDraft } from '../callers/use-draft';
import { useProblemSentence } from '../format/use-problem-sentence';
import { Choice } from '../settings/choice';
import { Field } from '../settings/field';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem-note';
import { inputLook } from '../ui/reason-field';
import { KeyForm } from './key-form';

interface ProviderFormProps {
  readonly entry: ProviderEntryView;
  /** Of the registry: who else wrote since is told. */
  readonly version: number;
}

const states = ['active', 'draining', 'off'] as const;
const look = `${inputLook} min-h-9`;
/** The same, whoever wrote it: the database has an order of its own. */
const optionsText = (options: ProviderEntryView['options']) => JSON.stringify(options, inOrder, 1);
const inOrder = (_key: string, value: unknown) =>
  isObject(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value;

/** How a provider is reached. What is wrong with it, the database says, and that stands at the field. */
export function ProviderForm({ entry, version }: ProviderFormProps) {
  const t = useTranslations('provider.form');
  const tCallers = useTranslations('callers');
  const put = usePutProvider();
  const sentence = useProblemSentence();
  // What was looked at: a write in between is told once, and then known.
  const [seen, setSeen] = useState(version);
  const now = {
    ...{ label: entry.label, base_url: entry.base_url ?? '' },
    ...{ options: optionsText(entry.options), state: entry.state as string },
  };
  const { texts, setTexts, meanwhile } = useDraft(now);
  const { label, base_url: baseUrl, options } = texts;
  const state = states.find((each) => each === texts.state) ?? entry.state;
  const write = (part: Partial<typeof now>) => setTexts({ ...texts, ...part });
  const theirs = (field: keyof typeof now) => (field === 'state' ? t(`states.${entry.state}`) : now[field] || '–');
  const [reason, setReason] = useState('');
  const [bad, setBad] = useState(false);
  const place = put.error ? placeOf(put.error.message) : null;
  const at = (field: string) => {
    if (field === 'options' && bad) return { said: t('noObject'), props: { 'aria-invalid': true } };
    if (!put.error || place !== field) return { said: null, props: {} };
    // At its field the sentence begins with the field.
    const words = sentence(put.error);
    return { said: words.slice(words.indexOf(field)), props: { 'aria-invalid': true } };
  };
  const send = () => {
    const read = objectIn(options);
    setBad(read === null);
    if (read === null) return;
    const written = { label: label.trim(), base_url: baseUrl.trim() || null, options: read, state };
    put.mutate(
      { name: entry.name, version: seen, ...written, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
      {
        onSuccess: ({ registry_version }) => {
          setSeen(registry_version);
          // As it will be said again: what is one's own is no change of another's.
          setTexts({ label: written.label, base_url: baseUrl.trim(), options: optionsText(read), state });
        },
        onError: ({ body }) => setSeen(body.version ?? seen),
      },
    );
  };
  return (
    <details className="mt-3 border-t pt-2 text-sm">
      <summary className="cursor-pointer font-medium">{t('title')}</summary>
      <form
        aria-label={t('of', { name: entry.name })}
        className="mt-2 grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div className="grid gap-2 sm:grid-cols-2">
          <Noted said={at('base_url').said}>
            <Field label={t('baseUrl')}>
              <input
                value={baseUrl}
                onChange={(event) => write({ base_url: event.target.value })}
                placeholder={t('usual', { adapter: entry.adapter ?? '–' })}
                inputMode="url"
                autoComplete="off"
                {...at('base_url').props}
                className={`${look} aria-invalid:border-breach`}
              />
            </Field>
          </Noted>
          <Noted said={at('label').said}>
            <Field label={t('label')}>
              <input
                value={label}
                onChange={(event) => write({ label: event.target.value })}
                {...at('label').props}
                className={`${look} aria-invalid:border-breach`}
              />
            </Field>
          </Noted>
          <Noted said={at('options').said}>
            <Field label={t('options')}>
              <textarea
                rows={3}
                spellCheck={false}
                value={options}
                onChange={(event) => write({ options: event.target.value })}
                {...at('options').props}
                className={`${inputLook} font-mono text-xs aria-invalid:border-breach`}
              />
            </Field>
          </Noted>
          <Noted said={at('state').said}>
            <Field label={t('state')}>
              <Choice
                {...at('state').props}
                value={state}
                options={states}
                word={(each) => t(`states.${each}`)}
                onChange={(chosen) => write({ state: chosen })}
                className="min-h-9 aria-invalid:border-breach"
              />
            </Field>
          </Noted>
        </div>
        <Field label={t('reason')}>
          <input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} className={look} />
        </Field>
        {put.error && place === null && <ProblemNote problem={put.error} />}
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" look="solid" disabled={put.isPending} className="min-h-9">
            {t('save')}
          </Button>
          {meanwhile.length > 0 && (
            <span role="status" className="text-caution">
              {tCallers('meanwhile', { now: meanwhile.map(theirs).join(', ') })}
            </span>
          )}
          <span role="status" className="text-accent">
            {put.isSuccess ? t('saved') : ''}
          </span>
        </div>
      </form>
      <KeyForm name={entry.name} />
    </details>
  );
}

/** The field with what is wrong with it below. */
function Noted({ said, children }: { readonly said: string | null; readonly children: ReactNode }) {
  return (
    <div>
      {children}
      {said !== null && (
        <p role="alert" className="mt-1 break-words text-breach text-sm">
          {said}
        </p>
      )}
    </div>
  );
}

const fields = ['base_url', 'options', 'state', 'label'] as const;

/** The database begins with what it speaks of; null where that is no field of the form. */
function placeOf(sentence: string): (typeof fields)[number] | null {
  const first = fields
    .map((field) => ({ field, at: sentence.search(new RegExp(`\\b${field}\\b`)) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0];
  return first?.field ?? null;
}
