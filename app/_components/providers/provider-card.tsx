'use client';

import { useTranslations } from 'next-intl';
import { useProviderKeys } from '@/app/_queries/registry/providers';
import type { ProviderView, Snapshot } from '@/lib/api/snapshot';
import type { ProviderEntryView } from '@/lib/api/splits-view';
import { Said } from '../format/said';
import { useFormats } from '../format/use-formats';
import { useProblemSentence } from '../format/use-problem-sentence';
import { healthOf } from '../state/provider-health';
import { ArmMark } from '../ui/arm-mark';
import { Badge } from '../ui/badge';
import { Panel } from '../ui/panel';
import { ProviderForm } from './provider-form';
import { TestCall } from './test-call';

interface ProviderCardProps {
  readonly name: string;
  readonly provider: ProviderView;
  readonly snapshot: Snapshot;
  /** As the registry has it, once that is read. */
  readonly entry: ProviderEntryView | undefined;
  readonly version: number;
}

const breakerTone = { closed: 'well', half_open: 'caution', open: 'breach' } as const;

/** Health from authenticated probes and real traffic, what the breaker does about it, and how it is reached. */
export function ProviderCard({ name, provider, snapshot, entry, version }: ProviderCardProps) {
  const t = useTranslations('provider');
  const { ms, percent, count, duration } = useFormats();
  const arms = snapshot.arms.filter((arm) => arm.provider === name);
  const share = arms.reduce((sum, arm) => sum + arm.share, 0);
  // The only arm of a provider, named like it, adds nothing.
  const told = arms.length > 1 || arms.some((arm) => arm.name !== name || arm.model !== null);
  const health = healthOf(provider);
  const { requests, failures, p95_ms, window_seconds } = provider.recent;
  const window = duration(window_seconds);
  const isAdmin = snapshot.me.role === 'admin';
  const elsewhere = (entry?.arms ?? []).filter(({ split }) => split !== snapshot.slug);
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
        <div className="col-span-2">
          <dt>{t('health')}</dt>
          <dd>
            <Badge tone={health.tone} icon={health.icon}>
              {t(health.name)}
            </Badge>
            <span className="mt-0.5 block text-muted text-xs">
              {requests === 0
                ? t('quiet', { window })
                : t('recent', { share: percent(failures / requests), n: count(requests), window })}
            </span>
          </dd>
        </div>
        <div>
          <dt>{t('p95', { window })}</dt>
          <dd className="font-semibold text-lg">{ms(p95_ms)}</dd>
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
        <div className="col-span-2">
          <dt>{t('key')}</dt>
          <dd className="break-words">
            {isAdmin ? <KeyState name={name} /> : t(provider.configured ? 'keyThere' : 'unconfigured')}
          </dd>
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
      {entry && (entry.arms.length === 0 || elsewhere.length > 0) && (
        <p className="mt-2 text-muted text-sm">
          {entry.arms.length === 0
            ? t('unused')
            : t('usedBy', { arms: elsewhere.map((arm) => `${arm.split}/${arm.name}`).join(', ') })}
        </p>
      )}
      {provider.error && (
        <p className="mt-2 rounded-control bg-sunken p-2 font-mono text-xs">
          <Said text={provider.error} />
        </p>
      )}
      {!provider.configured && <p className="mt-2 text-muted text-sm">{t('unconfiguredHint', { name })}</p>}
      {provider.configured && <TestCall name={name} />}
      {isAdmin && entry && <ProviderForm entry={entry} version={version} />}
    </Panel>
  );
}

function KeyState({ name }: { readonly name: string }) {
  const t = useTranslations('provider');
  const { data, error } = useProviderKeys(name, true);
  const sentence = useProblemSentence();
  if (error) return <span className="text-caution">{sentence(error)}</span>;
  if (!data) return '…';
  const { source, keys } = data;
  if (source.kind !== 'stored') return t(`keyFrom.${source.kind}`, { variable: source.variable });
  const hint = keys.find((key) => key.version === source.version)?.hint ?? '';
  return t('keyFrom.stored', { version: source.version, hint });
}

/** A provider may be several arms; the baseline's word counts first. */
function roleOf(arms: Snapshot['arms']): 'baseline' | 'candidate' | 'other' {
  const roles = arms.map(({ role }) => role);
  return (['baseline', 'candidate'] as const).find((role) => roles.includes(role)) ?? 'other';
}
