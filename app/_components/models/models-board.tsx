'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useModels } from '@/app/_queries/registry/models';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { ModelView } from '@/lib/api/splits-view';
import { Field } from '../settings/field';
import { Empty } from '../ui/empty';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { inputLook } from '../ui/reason-field';
import { Skeleton } from '../ui/skeleton';
import { ModelForm } from './model-form';
import { ModelItem } from './model-item';

/** What callers may ask for, and what each provider calls it. */
export function ModelsBoard() {
  const t = useTranslations('models');
  const { data, error } = useModels();
  const [wanted, setWanted] = useState('');
  const [edited, setEdited] = useState<ModelView | null>(null);
  const isAdmin = useSnapshot()?.me.role === 'admin';
  // As it is now, not as it was when somebody began to edit it.
  const model = data?.models.find((one) => one.alias === edited?.alias && one.provider === edited.provider) ?? edited;
  const found = groupsOf(data?.models ?? [], wanted.trim().toLowerCase());
  return (
    <div className="grid grid-cols-1 gap-3">
      <h1 className="font-semibold text-xl">{t('title')}</h1>
      {error && <ProblemNote problem={error} />}
      {!data && !error && <Skeleton className="h-dvh" />}
      {data && (
        <Panel title={t('all')} aside={<span className="text-muted text-xs">{t('count', { n: found.length })}</span>}>
          <Field label={t('find')}>
            <input
              type="search"
              value={wanted}
              onChange={(event) => setWanted(event.target.value)}
              className={`${inputLook} min-h-9`}
            />
          </Field>
          {found.length === 0 && <Empty title={t('none')}>{t('noneHint')}</Empty>}
          <ul className="mt-2 grid grid-cols-1 gap-x-6 text-sm lg:grid-cols-2 2xl:grid-cols-3">
            {found.map(([alias, models]) => (
              <ModelItem key={alias} alias={alias} models={models} onEdit={isAdmin ? setEdited : null} />
            ))}
          </ul>
        </Panel>
      )}
      {data && isAdmin && (
        <ModelForm
          key={edited === null ? '' : `${edited.provider} ${edited.alias}`}
          model={model}
          version={data.version}
          providers={[...new Set(data.models.map(({ provider }) => provider))]}
          onDone={() => setEdited(null)}
        />
      )}
    </div>
  );
}

/** By alias, in order; the words are looked for in every name. */
function groupsOf(models: readonly ModelView[], words: string): readonly (readonly [string, readonly ModelView[]])[] {
  const groups = new Map<string, ModelView[]>();
  for (const model of models) groups.set(model.alias, [...(groups.get(model.alias) ?? []), model]);
  const fits = (alias: string, rows: readonly ModelView[]) =>
    [alias, ...rows.map(({ provider_model }) => provider_model)].some((name) => name.toLowerCase().includes(words));
  return [...groups].filter(([alias, rows]) => fits(alias, rows)).sort(([a], [b]) => (a < b ? -1 : 1));
}
