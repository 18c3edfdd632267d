'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { objectIn } from '@/app/_components/state/object-in';
import { usePutModel } from '@/app/_queries/registry/models';
import type { ModelView } from '@/lib/api/splits-view';
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
  readonly onDone: () => void;
}

const lossyWords = ['pin', 'refuse', 'drop'] as const;
const look = `${inputLook} min-h-9`;
const written = (value: unknown) => (value == null ? '{}' : JSON.stringify(value, null, 1));

/** A row as `PUT /api/models` takes it; what is wrong with it, the database says. */
export function ModelForm({ model, providers, onDone }: ModelFormProps) {
  const t = useTranslations('models');
  const put = usePutModel();
  const [alias, setAlias] = useState(model?.alias ?? '');
  const [provider, setProvider] = useState(model?.provider ?? providers[0] ?? '');
  const [id, setId] = useState(model?.provider_model ?? '');
  const [lossy, setLossy] = useState<ModelView['lossy']>(model?.lossy ?? 'pin');
  const [enabled, setEnabled] = useState(model?.enabled ?? true);
  const [texts, setTexts] = useState({
    price: written(model?.price),
    params: written(model?.params),
    fixed: written(model?.fixed),
  });
  const [bad, setBad] = useState<string | null>(null);
  const send = () => {
    const parts: Record<string, Readonly<Record<string, unknown>>> = {};
    for (const [name, text] of Object.entries(texts)) {
      const value = objectIn(text);
      if (value === null) return setBad(name);
      parts[name] = value;
    }
    setBad(null);
    const source = model?.source ?? null;
    put.mutate(
      { alias: alias.trim(), provider, provider_model: id.trim(), lossy, enabled, source, ...parts },
      { onSuccess: onDone },
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
            <input value={id} onChange={(event) => setId(event.target.value)} className={look} />
          </Field>
          <Field label={t('lossyLabel')}>
            <Choice value={lossy} options={lossyWords} word={(each) => t(`lossy.${each}`)} onChange={setLossy} />
          </Field>
        </div>
        <div className="grid gap-2 sm:grid-cols-3">
          {(['params', 'price', 'fixed'] as const).map((name) => (
            <Field key={name} label={t(name)}>
              <textarea
                rows={6}
                spellCheck={false}
                aria-invalid={bad === name || undefined}
                value={texts[name]}
                onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
                className={`${inputLook} font-mono text-xs`}
              />
            </Field>
          ))}
        </div>
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
          {t('on')}
        </label>
        {bad && (
          <p className="text-caution text-sm" role="alert">
            {t('noObject', { name: t(bad as 'params') })}
          </p>
        )}
        {put.error && <ProblemNote problem={put.error} />}
        <div className="flex gap-2">
          <Button
            type="submit"
            look="solid"
            disabled={alias.trim() === '' || id.trim() === '' || put.isPending}
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
