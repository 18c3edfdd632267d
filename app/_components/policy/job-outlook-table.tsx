'use client';

import { useTranslations } from 'next-intl';
import { useJobOutlook } from '@/app/_queries/jobs';
import { type JobOutlook, jobOutlooks } from '@/lib/replay/job-outlook';
import type { Policy } from '@/lib/split/policy/policy';
import { useFormats } from '../format/use-formats';
import { ScrollBox } from '../ui/scroll-box';

const columns = ['stage', 'jobs', 'failing', 'hanging', 'known', 'lost'] as const;

/** Of each stage of the draft, by the split's own traffic and jobs: when it is known how they end, and what it costs. */
export function JobOutlookTable({ policy }: { readonly policy: Policy }) {
  const t = useTranslations('preflight.ends');
  const { ms, usd, rate, count, duration } = useFormats();
  const { data } = useJobOutlook();
  if (data === undefined) return null;
  const { habits } = data;
  const outlooks = policy.stages.flatMap((stage) => jobOutlooks(policy, stage, habits));
  const minutes = (value: number | null) => (value === null ? t('never') : duration(Math.ceil(value) * 60));
  const told = {
    ...{ jobs: count(habits.jobs), perMinute: rate(habits.orders_per_minute), cost: usd(habits.cost_usd) },
    ...{ p50: ms(habits.p50_ms), p95: ms(habits.p95_ms) },
  };
  return (
    <div className="mt-4">
      <h3 className="font-medium text-sm">{t('title')}</h3>
      <p className="text-muted text-sm">{t(habits.basis, told)}</p>
      <ScrollBox label={t('title')} className="mt-2 overflow-x-auto">
        <table className="w-full min-w-110 text-sm">
          <thead>
            <tr className="border-b text-right text-muted text-xs [&>th]:py-1 [&>th]:pl-3 [&>th]:font-normal">
              {columns.map((name) => (
                <th key={name} scope="col">
                  {t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {outlooks.map((each) => (
              <tr
                key={`${each.stage} ${each.arm}`}
                className="border-b text-right last:border-b-0 [&>td]:py-1 [&>td]:pl-3"
              >
                <th scope="row" className="font-medium whitespace-nowrap">
                  {nameOf(each, policy)}
                </th>
                <td>{rate(each.jobs_per_minute)}</td>
                <td>{minutes(each.failing_after_minutes)}</td>
                <td>{minutes(each.slow_after_minutes)}</td>
                <td>{minutes(each.known_after_minutes)}</td>
                <td>
                  {each.lost_jobs === null ? '–' : t('lostJobs', { jobs: Math.ceil(each.lost_jobs) })}
                  {each.lost_usd !== null && <span className="block text-muted">{usd(each.lost_usd)}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <OutlookWarnings outlooks={outlooks} policy={policy} />
    </div>
  );
}

const nameOf = ({ stage, arm }: JobOutlook, { candidates }: Policy) =>
  candidates.length > 1 ? `${stage} · ${arm}` : stage;

function OutlookWarnings({ outlooks, policy }: { readonly outlooks: readonly JobOutlook[]; readonly policy: Policy }) {
  const t = useTranslations('preflight.ends');
  const { percent, duration } = useFormats();
  const warnings = outlooks.flatMap((each) => {
    const { shortage } = each;
    if (shortage === null) return [];
    const { of, share, minutes } = shortage;
    const ways = { share: percent(share, 0), time: minutes === null ? '' : duration(minutes * 60) };
    const way = share === null ? (minutes === null ? 'none' : 'time') : minutes === null ? 'share' : 'both';
    return [t(`short.${of}`, { stage: nameOf(each, policy), way, ...ways })];
  });
  const all = outlooks.some((each) => each.limit_is_usual) ? [t('usual'), ...warnings] : warnings;
  if (all.length === 0) return null;
  return (
    <ul className="mt-2 grid gap-1 rounded-control bg-caution-soft px-3 py-2 text-caution text-sm">
      {all.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
