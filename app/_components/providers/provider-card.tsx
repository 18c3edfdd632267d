'use client';

import { useTranslations } from 'next-intl';
import type { ProviderView, Snapshot } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';
import { healthOf } from '../state/provider-health';
import { Badge } from '../ui/badge';
import { Panel } from '../ui/panel';

interface ProviderCardProps {
  readonly name: string;
  readonly provider: ProviderView;
  readonly snapshot: Snapshot;
}

const breakerTone = { closed: 'well', half_open: 'caution', open: 'breach' } as const;

/** Health from authenticated probes and real traffic, and what the breaker does about it. */
export function ProviderCard({ name, provider, snapshot }: ProviderCardProps) {
  const t = useTranslations('provider');
  const { ms, percent } = useFormats();
  const role = name === snapshot.baseline ? 'baseline' : name === snapshot.candidate ? 'candidate' : 'other';
  const health = healthOf(provider);
  return (
    <Panel
      title={name}
      aside={
        <span className="flex flex-wrap gap-1.5">
          <Badge tone="unknown">{t(`role.${role}`)}</Badge>
          {provider.simulated && <Badge tone="caution">{t('simulated')}</Badge>}
          {provider.deprecated && <Badge tone="unknown">{t('deprecated')}</Badge>}
        </span>
      }
    >
      <dl className="grid grid-cols-2 gap-3 text-sm sm:grid-cols-4 [&_dt]:text-muted [&_dt]:text-xs">
        <div>
          <dt>{t('health')}</dt>
          <dd>
            <Badge tone={health.tone} icon={health.icon}>
              {t(health.name)}
            </Badge>
          </dd>
        </div>
        <div>
          <dt>{t('probe')}</dt>
          <dd className="font-semibold text-lg">{ms(provider.latency_ms)}</dd>
        </div>
        <div>
          <dt>{t('breaker')}</dt>
          <dd>
            <Badge tone={breakerTone[provider.breaker]} icon={provider.breaker === 'closed' ? 'check' : 'alert'}>
              {t(`breakers.${provider.breaker}`)}
            </Badge>
          </dd>
        </div>
        <div>
          <dt>{t('share')}</dt>
          <dd className="font-semibold text-lg">{percent(snapshot.weights[name] ?? 0)}</dd>
        </div>
      </dl>
      {provider.error && <p className="mt-2 rounded-control bg-sunken p-2 font-mono text-xs">{provider.error}</p>}
      {!provider.configured && <p className="mt-2 text-muted text-sm">{t('unconfiguredHint', { name })}</p>}
    </Panel>
  );
}
