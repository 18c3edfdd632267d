'use client';

import { useTranslations } from 'next-intl';
import { useShape } from '@/app/_queries/registry/dialects';
import { useRoleWhy } from '../../actions/use-role-why';
import { Said } from '../../format/said';
import { GatedButton } from '../../ui/gated-button';
import { Icon } from '../../ui/icon';
import { ProblemNote } from '../../ui/problem-note';

/** What callers of a relay would see change between its arms, by questions that cost nothing. */
export function ShapeCheck({ slug }: { readonly slug: string }) {
  const t = useTranslations('shape');
  const roleWhy = useRoleWhy();
  const shape = useShape();
  const view = shape.data;
  const said = [...(view?.differences ?? []), ...(view?.troubles ?? [])];
  return (
    <div className="mt-3 grid gap-2 border-t pt-2 text-sm">
      <span className="flex flex-wrap items-center gap-2">
        <GatedButton why={roleWhy} onClick={() => !shape.isPending && shape.mutate(slug)}>
          {shape.isPending ? t('asking') : t('check', { split: slug })}
        </GatedButton>
        <span className="text-muted text-xs">{t('hint')}</span>
      </span>
      <div role="status" className="grid gap-1 empty:hidden">
        {shape.error && <ProblemNote problem={shape.error} />}
        {view && view.asked.length === 0 && <p>{t('noQuestion', { dialect: view.dialect })}</p>}
        {view && view.asked.length > 0 && (
          <p className="break-words text-muted text-xs">{t('asked', { asked: view.asked.join(' · ') })}</p>
        )}
        {view && view.asked.length > 0 && said.length === 0 && (
          <p className="flex gap-1.5 text-good">
            <Icon name="check" className="mt-0.5 size-4 shrink-0" />
            {t('alike', { baseline: view.baseline })}
          </p>
        )}
        {said.length > 0 && (
          <ul className="grid gap-1">
            {said.map((sentence) => (
              <li key={sentence} className="flex gap-1.5 text-caution">
                <Icon name="alert" className="mt-0.5 size-4 shrink-0" />
                <span className="min-w-0 break-words">
                  <Said text={sentence} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
