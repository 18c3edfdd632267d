'use client';

import { useTranslations } from 'next-intl';
import type { ModelView } from '@/lib/api/splits-view';
import { Said } from '../format/said';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';

interface ModelItemProps {
  readonly alias: string;
  readonly models: readonly ModelView[];
  /** null: a viewer may change nothing. */
  readonly onEdit: ((model: ModelView) => void) | null;
}

/** One alias, and under it what each provider calls it, takes and costs. */
export function ModelItem({ alias, models, onEdit }: ModelItemProps) {
  const t = useTranslations('models');
  return (
    <li className="border-t py-2 has-[[open]]:col-span-full">
      <details>
        <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-1">
          <span className="break-all font-medium">{alias}</span>
          {models.map((model) => (
            <span key={model.provider} className="text-muted text-xs">
              {model.provider} {model.enabled ? '' : `(${t('off')})`}
            </span>
          ))}
        </summary>
        <ul className="mt-2 grid gap-3">
          {models.map((model) => (
            <AtProvider key={model.provider} model={model} onEdit={onEdit} />
          ))}
        </ul>
      </details>
    </li>
  );
}

function AtProvider({ model, onEdit }: { readonly model: ModelView; readonly onEdit: ModelItemProps['onEdit'] }) {
  const t = useTranslations('models');
  const takes = Object.keys(model.params).sort().join(', ');
  const price =
    model.price !== null && Object.keys(model.price).length > 0 ? JSON.stringify(model.price) : t('noPrice');
  return (
    <li className="grid gap-1 rounded-control bg-sunken p-2">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{model.provider}</span>
        <code className="break-all text-xs">{model.provider_model}</code>
        <Badge tone={model.enabled ? 'well' : 'unknown'}>{t(model.enabled ? 'on' : 'off')}</Badge>
        <span className="text-muted text-xs">{t(model.shipped ? 'shipped' : 'own')}</span>
        {onEdit && (
          <Button
            look="quiet"
            onClick={() => onEdit(model)}
            aria-label={t('editOne', { alias: model.alias, provider: model.provider })}
          >
            {t('edit')}
          </Button>
        )}
      </div>
      <p className="text-xs">
        <span className="text-muted">{t('takes')}</span> {takes === '' ? t('usual') : takes}
      </p>
      <p className="break-all text-xs">
        <span className="text-muted">{t('priceIs')}</span> {price}
      </p>
      <p className="text-xs">
        <span className="text-muted">{t('lossyLabel')}</span> {t(`lossy.${model.lossy}`)}
      </p>
      {model.source && (
        <p className="break-words text-muted text-xs">{model.shipped ? <Said text={model.source} /> : model.source}</p>
      )}
    </li>
  );
}
