'use client';

import { useTranslations } from 'next-intl';
import { useServerNowMs } from '@/app/_queries/server-now';
import type { SplitItem } from '@/lib/api/splits-view';
import { formatClock } from '../format/duration';
import { useWho } from '../format/use-who';
import { useStageName } from '../state/use-stage-name';
import { classes } from '../ui/classes';
import { splitNext } from './split-next';

/** What comes next and when, by the server's clock. */
export function NextCell({ split }: { readonly split: SplitItem }) {
  const t = useTranslations('splits.nextStep');
  const who = useWho();
  const stageName = useStageName();
  const nowMs = useServerNowMs() ?? 0;
  const next = splitNext(split, nowMs);
  const stage = split.next === null ? '' : stageName(split.next);
  const words = t(next.kind, { stage, by: who(split.rearmed_by) });
  if (!('at' in next))
    return <span className={classes(next.kind === 'waits' && 'font-medium text-good')}>{words}</span>;
  const clock = formatClock((Date.parse(next.at) - nowMs) / 1000);
  return (
    <span className={classes('whitespace-nowrap', next.kind === 'rolls_back_in' && 'text-breach')}>
      {words} <b className="font-semibold text-lg">{clock}</b>
    </span>
  );
}
