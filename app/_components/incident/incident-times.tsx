'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { IncidentView } from '@/lib/api/incident-view';
import { useFormats } from '../format/use-formats';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';
import { type StoryItem, StoryList } from '../ui/story-list';

/** From the breach to the last request that still went to a candidate. */
export function IncidentTimes({ view }: { readonly view: IncidentView }) {
  const t = useTranslations('incident');
  const { duration } = useFormats();
  const { times, rearmed } = view;
  const after = (from: string, to: string) => {
    const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
    return t(seconds < 0 ? 'time.earlier' : 'time.later', { duration: duration(Math.abs(seconds)) });
  };
  const { breach_began_at: began, rolled_back_at: at, last_request_at: last } = times;
  const items: (StoryItem & { readonly at: string })[] = [
    ...(began === null
      ? []
      : [
          {
            key: 'began',
            tone: 'breach' as const,
            icon: 'alert' as const,
            at: began,
            text: line(t('time.began'), began),
          },
        ]),
    {
      ...{ key: 'rolled back', tone: 'breach', icon: 'back', at },
      text: line(t('time.rolledBack'), at, began === null ? null : after(began, at)),
    },
    ...(last === null
      ? []
      : [
          {
            ...{ key: 'last', tone: 'unknown' as const, icon: 'forward' as const, at: last },
            text: line(t('time.last'), last, after(at, last)),
          },
        ]),
    ...(rearmed === null
      ? []
      : [
          {
            ...{ key: 'rearmed', tone: 'well' as const, icon: 'play' as const, at: rearmed.at },
            text: line(t('time.rearmed', { who: rearmed.by }), rearmed.at, after(at, rearmed.at)),
          },
        ]),
  ];
  return (
    <Panel title={t('times')}>
      <StoryList items={items.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))} />
      {last === null && <p className="mt-2 text-muted text-sm">{t('time.noLast')}</p>}
      {times.seconds_to_last_request !== null && began !== null && (
        <p className="mt-3 text-muted text-sm">
          {t('time.sum', { duration: duration(Math.max(0, times.seconds_to_last_request)) })}
        </p>
      )}
    </Panel>
  );
}

function line(words: string, at: string, after: string | null = null): ReactNode {
  return (
    <p>
      <span className="font-medium">{words}</span>{' '}
      <span className="text-muted text-xs">
        <Instant at={at} utc="beside" />
        {after !== null && <> · {after}</>}
      </span>
    </p>
  );
}
