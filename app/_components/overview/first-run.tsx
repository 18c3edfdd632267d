'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useChannels } from '@/app/_queries/people/channels';
import type { Snapshot } from '@/lib/api/snapshot';
import { ownProviders } from '../state/provider-health';
import { classes } from '../ui/classes';
import { CopyButton } from '../ui/copy/copy-button';
import { Icon } from '../ui/icon';
import { SplitLink } from '../ui/split-link';
import { useFirstLines } from './use-first-lines';

/** Before the first rollout: what is still to do, each line ticked by the system, and what to paste for it. */
export function FirstRun({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('firstRun');
  const lines = useFirstLines(snapshot);
  const { data: channels } = useChannels(snapshot.me.role === 'admin' && snapshot.rollout_started_at === null);
  if (snapshot.rollout_started_at !== null) return null;
  const providers = ownProviders(snapshot);
  const steps = [
    ['providers', providers.length > 0 && providers.every(([, { configured, ok }]) => configured && ok), '/providers'],
    ['watchdog', snapshot.watchdog.alive, '/providers'],
    ['traffic', snapshot.observed.recent.total > 0, null],
    ['channel', (channels?.channels.length ?? 0) > 0, '/settings'],
    ['policy', snapshot.policy.source === 'row', '/policy'],
    ['preflight', false, '/policy'],
    ['start', false, null],
  ] as const;
  return (
    <section aria-label={t('title')} className="rounded-panel border border-accent bg-surface p-4">
      <h2 className="font-semibold text-sm">{t('title')}</h2>
      <ol className="mt-2 grid gap-x-6 gap-y-2 text-sm md:grid-cols-2">
        {steps.map(([name, done, href]) => (
          <li key={name} className="flex min-w-0 gap-2">
            <Icon
              name={done ? 'check' : 'circle'}
              className={classes('mt-0.5 shrink-0', done ? 'text-good' : 'text-muted')}
            />
            <div className="min-w-0 flex-1">
              {href ? (
                <StepLink href={href} className="underline underline-offset-2">
                  {t(`${name}.title`)}
                </StepLink>
              ) : (
                t(`${name}.title`)
              )}{' '}
              <span className="text-muted">{done ? t('done') : t(`${name}.hint`)}</span>
              {!done && <Line text={lines[name]} step={t(`${name}.title`)} />}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The settings are no split's. */
function StepLink({
  href,
  ...rest
}: {
  readonly href: string;
  readonly className: string;
  readonly children: ReactNode;
}) {
  return href === '/settings' ? <Link href={href} {...rest} /> : <SplitLink href={href} {...rest} />;
}

function Line({ text, step }: { readonly text: string; readonly step: string }) {
  const t = useTranslations('firstRun');
  return (
    <div className="mt-1 flex items-start gap-1 rounded-control bg-sunken pl-2 md:py-1">
      <code className="min-w-0 flex-1 py-1.5 font-mono text-xs max-md:truncate md:break-all">{text}</code>
      <CopyButton
        text={text}
        label={
          <>
            {t('copy')}
            <span className="sr-only">: {step}</span>
          </>
        }
      />
    </div>
  );
}
