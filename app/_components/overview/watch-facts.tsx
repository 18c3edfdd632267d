'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';
import { ownProviders } from '../state/provider-health';
import { Badge } from '../ui/badge';
import { SplitLink } from '../ui/split-link';
import { ProviderLine } from './provider-line';

/** Who watches, who serves, and whether all of them have heard. */
export function WatchFacts({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('watch');
  const { count } = useFormats();
  const alive = snapshot.instances.filter((instance) => instance.alive);
  const behind = alive.filter((instance) => instance.kind === 'web' && (instance.version ?? 0) !== snapshot.version);
  const spooled = alive.reduce((sum, instance) => sum + instance.spool_depth, 0);
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] text-sm [&>dd]:border-t [&>dd]:py-1 [&>dd]:text-right [&>dt]:border-t [&>dt]:py-1 [&>dt]:text-muted">
        <dt>{t('lastTick')}</dt>
        <dd>
          {snapshot.watchdog.by ?? '–'}
          {snapshot.watchdog.duration_ms !== null && (
            <span className="text-muted text-xs"> {t('took', { ms: count(snapshot.watchdog.duration_ms) })}</span>
          )}
        </dd>
        <dt>{t('instances')}</dt>
        <dd>
          {snapshot.seen_by_all ? (
            <Badge tone="well" icon="check">
              {t('seenByAll', { count: alive.length, version: snapshot.version })}
            </Badge>
          ) : (
            <Badge tone="caution" icon="clock">
              {t('behind', { behind: behind.length, count: alive.length })}
            </Badge>
          )}
        </dd>
        {spooled > 0 && (
          <>
            <dt>{t('spool')}</dt>
            <dd>{t('spooled', { count: count(spooled) })}</dd>
          </>
        )}
        {ownProviders(snapshot).map(([name, provider]) => (
          <ProviderLine key={name} name={name} provider={provider} />
        ))}
      </dl>
      {snapshot.watchdog.last_error && (
        <p className="mt-1 text-caution text-xs">{t('error', { error: snapshot.watchdog.last_error })}</p>
      )}
      <p className="mt-2 text-xs">
        <SplitLink href="/providers" className="text-link underline underline-offset-2">
          {t('more')}
        </SplitLink>
      </p>
    </>
  );
}
