'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { objectIn } from '@/app/_components/state/object-in';
import { usePutModel } from '@/app/_queries/registry/models';
import type { ModelView } from '@/lib/api/splits-view';
import { useDraft } from '../callers/use-draft';
import { Choice } from '../settings/choice';
import { Field } from '../settings/field';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { inputLook } from '../ui/reason-field';

interface ModelFormProps {
  /** null: a new one. */
  readonly model: ModelView | null;
  readonly providers: readonly string[];
  /** Of the registry: who else wrote since is told. */
  readonly version: number;
  readonly onDone: () => void;
}

const lossyWords = ['pin', 'refuse', 'drop'] as const;
const objects = ['params', 'price', 'fixed'] as const;
const look = `${inputLook} min-h-9`;
const written = (value: unknown) => (value == null ? '{}' : JSON.stringify(value, null, 1));

/** A row as `PUT /api/models` takes it; what is wrong with it, the database says. */
export function ModelForm({ model, providers, version, onDone }: ModelFormProps) {
  const t = useTranslations('models');
  const tCallers = useTranslations('callers');
  const put = usePutModel();
  // What was looked at: a write in between is told once, and then known.
  const [seen, setSeen] = useState(version);
  const [alias, setAlias] = useState(model?.alias ?? '');
  const [provider, setProvider] = useState(model?.provider ?? providers[0] ?? '');
  const now = {
    ...{ id: model?.provider_model ?? '', lossy: (model?.lossy ?? 'pin') as string },
    ...{ params: written(model?.params), price: written(model?.price), fixed: written(model?.fixed) },
    on: (model?.enabled ?? true) ? 'yes' : 'no',
  };
  const { texts, setTexts, meanwhile } = useDraft(now);
  const write = (part: Partial<typeof now>) => setTexts({ ...texts, ...part });
  const lossy = lossyWords.find((each) => each === texts.lossy) ?? 'pin';
  const nowOf = (name: keyof typeof now) => {
    if (name === 'on') return t(now.on === 'yes' ? 'on' : 'off');
    return name === 'lossy' ? t(`lossy.${model?.lossy ?? 'pin'}`) : now[name];
  };
  const [bad, setBad] = useState<string | null>(null);
  const send = () => {
    const parts: Record<string, Readonly<Record<string, unknown>>> = {};
    for (const name of objects) {
      const value = objectIn(texts[name]);
      if (value === null) return setBad(name);
      parts[name] = value;
    }
    setBad(null);
    const [source, enabled] = [model?.source ?? null, texts.on === 'yes'];
    put.mutate(
      {
        alias: alias.trim(),
        provider,
        // A new one is nobody else's.
        version: model === null ? undefined : seen,
        provider_model: texts.id.trim(),
        lossy,
        enabled,
        source,
        ...parts,
      },
      { onSuccess: onDone, onError: ({ body }) => setSeen(body.version ?? seen) },
    );
  };
  return (
    <Panel title={model === null ? t('addTitle') : t('editOne', { alias: model.alias, provider: model.provider })}>
      <form
        aria-label={model === null ? t('addTitle') : t('edit')}
        className="grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div className="grid gap-2 sm:grid-cols-2 lg:grid-cols-4">
          <Field label={t('alias')}>
            <input
              value={alias}
              readOnly={model !== null}
              onChange={(event) => setAlias(event.target.value)}
              className={look}
            />
          </Field>
          <Field label={t('provider')}>
            <Choice value={provider} options={providers} disabled={model !== null} onChange={setProvider} />
          </Field>
          <Field label={t('id')}>
            <input value={texts.id} onChange={(event) => write({ id: event.target.value })} className={look} />
          </Field>
          <Field label={t('lossyLabel')}>
            <Choice
              value={lossy}
              options={lossyWords}
              word={(each) => t(`lossy.${each}`)}
              onChange={(chosen) => write({ lossy: chosen })}
            />
          </Field>
        </div>
        <div className="grid gap-2 sm:grid-cols-3">
          {objects.map((name) => (
            <Field key={name} label={t(name)}>
              <textarea
                rows={6}
                spellCheck={false}
                aria-invalid={bad === name || undefined}
                value={texts[name]}
                onChange={(event) => write({ [name]: event.target.value })}
                className={`${inputLook} font-mono text-xs`}
              />
            </Field>
          ))}
        </div>
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={texts.on === 'yes'}
            onChange={(event) => write({ on: event.target.checked ? 'yes' : 'no' })}
          />
          {t('on')}
        </label>
        {bad && (
          <p className="text-caution text-sm" role="alert">
            {t('noObject', { name: t(bad as 'params') })}
          </p>
        )}
        {put.error && <ProblemNote problem={put.error} />}
        {meanwhile.length > 0 && (
          <p role="status" className="text-caution text-sm">
            {tCallers('meanwhile', {
              now: meanwhile.map(nowOf).join(', '),
            })}
          </p>
        )}
        <div className="flex gap-2">
          <Button
            type="submit"
            look="solid"
            disabled={alias.trim() === '' || texts.id.trim() === '' || put.isPending}
            className="min-h-9"
          >
            {t('save')}
          </Button>
          {model !== null && (
            <Button type="button" onClick={onDone} className="min-h-9">
              {t('cancel')}
            </Button>
          )}
        </div>
      </form>
    </Panel>
  );
}
