'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useKeepImages, useSplits } from '@/app/_queries/splits';
import type { SplitItem } from '@/lib/api/splits-view';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { inputLook } from '../ui/reason-field';
import { Skeleton } from '../ui/skeleton';
import { Field } from './field';

/** Whether the log keeps the addresses of images, split by split. */
export function ImagesPanel() {
  const t = useTranslations('imageHours');
  const { data } = useSplits();
  const splits = data?.splits.filter(({ kind, archived_at }) => kind === 'image' && archived_at === null) ?? [];
  return (
    <Panel title={t('title')}>
      <p className="mb-2 max-w-prose text-muted text-sm">{t('hint')}</p>
      {!data && <Skeleton className="h-16" />}
      <ul className="grid gap-3">
        {splits.map((split) => (
          <Hours key={`${split.slug} ${split.image_hours}`} split={split} version={data?.version ?? 0} />
        ))}
      </ul>
    </Panel>
  );
}

function Hours({ split, version }: { readonly split: SplitItem; readonly version: number }) {
  const t = useTranslations('imageHours');
  const keep = useKeepImages();
  const stored = split.image_hours === null ? '' : String(split.image_hours);
  const [text, setText] = useState(stored);
  const hours = text.trim() === '' ? null : Number(text);
  return (
    <li>
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          keep.mutate({ slug: split.slug, hours, version });
        }}
      >
        <Field label={t('hours', { split: split.label || split.slug })}>
          <input
            type="number"
            inputMode="numeric"
            min={0}
            max={8760}
            step={1}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className={`${inputLook} min-h-9`}
          />
        </Field>
        <Button type="submit" disabled={text === stored || keep.isPending} className="min-h-9">
          {t('save')}
        </Button>
        <span className="text-muted text-xs">{t('off')}</span>
      </form>
      {keep.error && <ProblemNote problem={keep.error} />}
    </li>
  );
}
