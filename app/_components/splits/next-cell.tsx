'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useFreshness, useServerNowMs } from '@/app/_queries/server-now';
import type { SplitItem } from '@/lib/api/splits-view';
import { formatClock } from '../format/duration';
import { useWho } from '../format/use-who';
import { useStageName } from '../state/use-stage-name';
import { classes } from '../ui/classes';
import { Instant } from '../ui/instant';
import { splitNext } from './split-next';

/** What comes next and when, by the server's clock. */
export function NextCell({ split }: { readonly split: SplitItem }) {
  const t = useTranslations('splits.nextStep');
  const who = useWho();
  const stageName = useStageName();
  const nowMs = useServerNowMs() ?? 0;
  const { isStale } = useFreshness();
  const next = splitNext(split, nowMs, isStale);
  const stage = split.next === null ? '' : stageName(split.next);
  const isKnown = next.kind === 'paused' && split.paused_by !== null;
  const words = isKnown
    ? t('pausedBy', { by: who(split.paused_by) })
    : t(next.kind, { stage, by: who(split.rearmed_by) });
  if (!('at' in next))
    return (
      <>
        <span className={classes(next.kind === 'waits' && 'font-medium text-good')}>{words}</span>
        {next.kind === 'waits' && !isStale && <OpenLink slug={split.slug}>{t('toStart')}</OpenLink>}
        {next.kind === 'paused' && split.pause_reason && (
          <span className="block text-muted text-xs">“{split.pause_reason}”</span>
        )}
      </>
    );
  const clock = formatClock((Date.parse(next.at) - nowMs) / 1000);
  const isOver = next.kind === 'rolls_back_in';
  return (
    <>
      <span className={classes('whitespace-nowrap', isOver && 'text-breach')}>
        {words} <b className="font-semibold text-lg">{clock}</b>
      </span>
      <span className="block text-muted text-xs">
        {t('at')} <Instant at={next.at} />
      </span>
      {isOver && <OpenLink slug={split.slug}>{t('byHand')}</OpenLink>}
    </>
  );
}

function OpenLink({ slug, children }: { readonly slug: string; readonly children: ReactNode }) {
  return (
    <Link href={`/s/${slug}`} className="block text-link text-xs underline underline-offset-2">
      {children}
    </Link>
  );
}
