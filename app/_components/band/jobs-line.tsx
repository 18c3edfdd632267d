'use client';

import { useTranslations } from 'next-intl';
import { useInFlight } from '@/app/_queries/jobs';
import type { Snapshot } from '@/lib/api/snapshot';
import { judgedBy } from '@/lib/split/policy/metrics';
import { useFormats } from '../format/use-formats';
import { ArmMark } from '../ui/arm-mark';
import { classes } from '../ui/classes';

/** Of work that is answered later, by arm: what runs and for how long, whether it is accepted, and how it ends. */
export function JobsLine({ snapshot }: { readonly snapshot: Snapshot }) {
  return judgedBy({ redLines: snapshot.red_lines }) === 'job' ? <Jobs snapshot={snapshot} /> : null;
}

function Jobs({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('traffic.jobs');
  const { duration } = useFormats();
  const window = duration(useInFlight().data?.window_seconds ?? 3600);
  return (
    <section aria-label={t('title', { window })} className="border-t pt-1">
      <ul>
        {snapshot.arms.map(({ name }) => (
          <ArmJobs key={name} arm={name} window={window} />
        ))}
      </ul>
    </section>
  );
}

function ArmJobs({ arm, window }: { readonly arm: string; readonly window: string }) {
  const t = useTranslations('traffic.jobs');
  const { count, duration } = useFormats();
  const { data } = useInFlight();
  const running = data?.in_flight.filter((each) => each.arm === arm) ?? [];
  const lately = data?.lately.find((each) => each.arm === arm);
  const jobs = running.reduce((total, each) => total + each.jobs, 0);
  const oldest = Math.max(0, ...running.map(({ oldest_seconds: seconds }) => seconds));
  const known = (value: string) => (data === undefined ? '–' : value);
  const facts = [
    ['running', known(count(jobs)), jobs === 0 ? t('running') : t('oldest', { oldest: duration(oldest) }), false],
    [
      'accepted',
      known(lately ? t('of', { n: count(lately.sent - lately.not_accepted), all: count(lately.sent) }) : '0'),
      t('accepted', { window }),
      false,
    ],
    ['done', known(count(lately?.done ?? 0)), t('done'), false],
    ['failed', known(count(lately?.failed ?? 0)), t('failed'), (lately?.failed ?? 0) > 0],
  ] as const;
  return (
    <li className="flex flex-wrap items-baseline gap-x-5">
      <span className="min-w-20 font-medium text-sm">
        <ArmMark arm={arm} />
        {arm}
      </span>
      <dl className="flex flex-1 flex-wrap gap-x-5">
        {facts.map(([name, value, words, isBad]) => (
          <div key={name} className="flex items-baseline gap-1.5 whitespace-nowrap">
            <dd className={classes('order-first font-semibold', isBad && 'text-breach')}>{value}</dd>
            <dt className="text-muted text-xs">{words}</dt>
          </div>
        ))}
      </dl>
    </li>
  );
}
