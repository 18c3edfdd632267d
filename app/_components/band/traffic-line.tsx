'use client';

import { useTranslations } from 'next-intl';
import { useFreshness } from '@/app/_queries/server-now';
import type { Snapshot } from '@/lib/api/snapshot';
import { formatInstant } from '../format/instant';
import { useFormats } from '../format/use-formats';
import { candidateShare, candidatesOfPlan } from '../state/candidates';
import { countedAs } from '../state/counted-as';
import { classes } from '../ui/classes';

/** Less is not worth a word. */
const leastUsd = 0.01;

/** What goes through the split now: how much, what fails, who is rescued, who is on the candidate, what it saves. */
export function TrafficLine({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('traffic');
  const { count, percent, usd, rate, duration, locale } = useFormats();
  const {
    window_seconds: seconds,
    requests,
    per_minute: perMinute,
    failed,
    rescued,
    users,
    extra_usd: extra,
  } = snapshot.traffic;
  const window = duration(seconds);
  const isOut = candidateShare(snapshot) === 0;
  const of = countedAs(snapshot.red_lines);
  // What goes through now is not known then; what did, until when, is.
  const { isStale } = useFreshness();
  const at = formatInstant(snapshot.now, Date.parse(snapshot.now), locale, undefined);
  if (requests === 0)
    return <p className="text-muted text-sm">{t(isStale ? 'quietTo' : 'quiet', { window, of, at })}</p>;
  const facts = [
    isStale
      ? (['requests', count(requests), t('requests', { n: requests, of })] as const)
      : (['rate', rate(perMinute), t(perMinute === 0 ? 'stopped' : 'rate', { n: perMinute, of })] as const),
    ['failed', percent(failed / requests), t('failed', { n: count(failed) })],
    ...(failed > 0 && rescued !== null ? [['rescued', count(rescued), t('rescued')] as const] : []),
    ...(users === null
      ? []
      : [
          [
            'users',
            count(users),
            t(isOut ? 'usersWere' : 'users', {
              n: users,
              arm: candidatesOfPlan(snapshot).join(', '),
              window: duration(3600),
            }),
          ] as const,
        ]),
    ...(extra === null || Math.abs(extra) < leastUsd
      ? []
      : [['money', usd(Math.abs(extra)), t(`${extra > 0 ? 'costMore' : 'saved'}${isOut ? 'Was' : ''}`)] as const]),
  ] as const;
  return (
    <dl aria-label={t('title', { window })} className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
      <div className="text-muted text-xs whitespace-nowrap">
        <dt>{t(isStale ? 'lastTo' : 'last', { window, at })}</dt>
        <dd className="sr-only">{t('title', { window })}</dd>
      </div>
      {facts.map(([name, value, words]) => (
        <div key={name} title={t(`hint.${name}`, { window })} className="flex min-w-0 items-baseline gap-1.5">
          <dd className={classes('order-first font-semibold', name === 'failed' && failed > 0 && 'text-text')}>
            {value}
          </dd>
          <dt className="text-muted text-xs">{words}</dt>
        </div>
      ))}
    </dl>
  );
}
