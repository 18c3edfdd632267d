'use client';

import { useTranslations } from 'next-intl';
import type { ProviderView } from '@/lib/rollout/snapshot';
import { useFormats } from '../format/use-formats';
import { Badge } from '../ui/badge';

export function ProviderLine({ name, provider }: { readonly name: string; readonly provider: ProviderView }) {
  const t = useTranslations('provider');
  const { ms } = useFormats();
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {!provider.configured ? (
          <Badge tone="caution" icon="dash">
            {t('unconfigured')}
          </Badge>
        ) : provider.ok ? (
          <Badge tone="well" icon="check">
            {t('ok')} · {ms(provider.latency_ms)}
          </Badge>
        ) : (
          <Badge tone="breach" icon="alert">
            {t('notOk')}
          </Badge>
        )}
      </dd>
    </>
  );
}
