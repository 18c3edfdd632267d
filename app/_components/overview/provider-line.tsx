'use client';

import { useTranslations } from 'next-intl';
import type { ProviderView } from '@/lib/rollout/snapshot';
import { useFormats } from '../format/use-formats';
import { healthOf } from '../state/provider-health';
import { Badge } from '../ui/badge';

export function ProviderLine({ name, provider }: { readonly name: string; readonly provider: ProviderView }) {
  const t = useTranslations('provider');
  const { ms } = useFormats();
  const health = healthOf(provider);
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Badge tone={health.tone} icon={health.icon}>
          {t(health.name)}
          {health.name === 'ok' && ` · ${ms(provider.latency_ms)}`}
        </Badge>
      </dd>
    </>
  );
}
