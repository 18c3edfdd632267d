'use client';

import { useTranslations } from 'next-intl';
import type { ProviderView, Snapshot } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';
import { healthOf } from '../state/provider-health';
import { ArmMark } from '../ui/arm-mark';
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
  const arms = snapshot.arms.filter((arm) => arm.provider === name);
  const share = arms.reduce((sum, arm) => sum + arm.share, 0);
  // An only arm that is called as its provider is has nothing to add.
  const told = arms.length > 1 || arms.some((arm) => arm.name !== name || arm.model !== null);
  const health = healthOf(provider);
  return (
    <Panel
      title={name}
      aside={
        <span className="flex flex-wrap gap-1.5">
          <Badge tone="unknown">{t(`role.${roleOf(arms)}`)}</Badge>
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
          <dd className="font-semibold text-lg">{percent(share)}</dd>
        </div>
      </dl>
      {told && (
        <ul aria-label={t('arms')} className="mt-2 border-t pt-1 text-sm">
          {arms.map((arm) => (
            <li key={arm.name} className="flex flex-wrap justify-between gap-x-3 py-0.5">
              <span className="break-all">
                <ArmMark arm={arm.name} />
                {arm.name}{' '}
                <span className="text-muted text-xs">
                  {t(`role.${arm.role === 'none' ? 'other' : arm.role}`)}
                  {arm.model !== null && ` · ${arm.model}`}
                </span>
              </span>
              <span>{percent(arm.share)}</span>
            </li>
          ))}
        </ul>
      )}
      {provider.error && <p className="mt-2 rounded-control bg-sunken p-2 font-mono text-xs">{provider.error}</p>}
      {!provider.configured && <p className="mt-2 text-muted text-sm">{t('unconfiguredHint', { name })}</p>}
    </Panel>
  );
}

/** A provider may be several arms; the baseline's word counts first. */
function roleOf(arms: Snapshot['arms']): 'baseline' | 'candidate' | 'other' {
  const roles = arms.map(({ role }) => role);
  return (['baseline', 'candidate'] as const).find((role) => roles.includes(role)) ?? 'other';
}
