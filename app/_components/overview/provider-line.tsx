'use client';

import { useTranslations } from 'next-intl';
import type { ProviderView } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';
import { healthOf } from '../state/provider-health';
import { Badge } from '../ui/badge';

export function ProviderLine({ name, provider }: { readonly name: string; readonly provider: ProviderView }) {
  const t = useTranslations('provider');
  const { ms, percent, count, duration } = useFormats();
  const { requests, failures, window_seconds: window } = provider.recent;
  const health = healthOf(provider);
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Badge tone={health.tone} icon={health.icon}>
          {t(health.name)}
          {health.name === 'ok' && ` · ${ms(provider.latency_ms)}`}
        </Badge>
        {requests > 0 && (
          <span className="block text-muted text-xs">
            {t('recent', { share: percent(failures / requests), n: count(requests), window: duration(window) })}
          </span>
        )}
      </dd>
    </>
  );
}
