'use client';

import { useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';
import type { Snapshot } from '@/lib/api/snapshot';
import { classes } from '../ui/classes';
import { Icon } from '../ui/icon';
import { SplitLink } from '../ui/split-link';

const never = () => () => {};

/** Where this page came from, so that the line can be pasted as it stands. */
function useOrigin(): string {
  return useSyncExternalStore(
    never,
    () => window.location.origin,
    () => 'http://localhost:3000',
  );
}

/** Before the first rollout: what is still to do, each line ticked by the system. */
export function FirstRun({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('firstRun');
  const origin = useOrigin();
  if (snapshot.rollout_started_at !== null) return null;
  const providers = Object.values(snapshot.providers);
  const steps = [
    [
      'providers',
      providers.length > 0 && providers.every((provider) => provider.configured && provider.ok),
      '/providers',
    ],
    ['watchdog', snapshot.watchdog.alive, '/providers'],
    ['traffic', snapshot.observed.total > 0, null],
    ['policy', snapshot.policy.source === 'row', '/policy'],
    ['start', false, null],
  ] as const;
  return (
    <section aria-label={t('title')} className="rounded-panel border border-accent bg-surface p-4">
      <h2 className="font-semibold text-sm">{t('title')}</h2>
      <ol className="mt-2 grid gap-x-6 gap-y-1 text-sm md:grid-cols-2">
        {steps.map(([name, done, href]) => (
          <li key={name} className="flex gap-2">
            <Icon name={done ? 'check' : 'circle'} className={classes('mt-0.5', done ? 'text-good' : 'text-muted')} />
            <span>
              {href ? (
                <SplitLink href={href} className="underline underline-offset-2">
                  {t(`${name}.title`)}
                </SplitLink>
              ) : (
                t(`${name}.title`)
              )}{' '}
              <span className="text-muted">{done ? t('done') : t(`${name}.hint`)}</span>
            </span>
          </li>
        ))}
      </ol>
      {snapshot.observed.total === 0 && (
        <pre className="mt-2 whitespace-pre-wrap break-all rounded-control bg-sunken p-2 font-mono text-xs">
          {`curl -s ${origin}/api/generate -H 'content-type: application/json' -d '{"prompt":"a sluice at dawn"}'`}
        </pre>
      )}
    </section>
  );
}
