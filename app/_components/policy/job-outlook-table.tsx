'use client';

import { useTranslations } from 'next-intl';
import { useJobOutlook } from '@/app/_queries/jobs';
import { type JobOutlook, jobOutlooks } from '@/lib/replay/job-outlook';
import type { Policy } from '@/lib/split/policy/policy';
import { useFormats } from '../format/use-formats';
import { StackedCell, stackedRow } from '../lists/stacked-cell';
import { StackedTable } from '../lists/stacked-table';

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
      <div className="mt-2">
        <StackedTable
          caption={t('title')}
          columns={columns.map((name) => ({ name: t(name), isNumeric: name !== 'stage' }))}
          isFramed
        >
          {outlooks.map((each) => (
            <tr key={`${each.stage} ${each.arm}`} className={stackedRow}>
              <th scope="row" className="text-left font-medium whitespace-nowrap max-md:col-span-2 md:px-3 md:py-2">
                {nameOf(each, policy)}
              </th>
              <StackedCell name={t('jobs')} numeric>
                {rate(each.jobs_per_minute)}
              </StackedCell>
              <StackedCell name={t('failing')} numeric>
                {minutes(each.failing_after_minutes)}
              </StackedCell>
              <StackedCell name={t('hanging')} numeric>
                {minutes(each.slow_after_minutes)}
              </StackedCell>
              <StackedCell name={t('known')} numeric>
                {minutes(each.known_after_minutes)}
              </StackedCell>
              <StackedCell name={t('lost')} numeric>
                {each.lost_jobs === null ? '–' : t('lostJobs', { jobs: Math.ceil(each.lost_jobs) })}
                {each.lost_usd !== null && (
                  <span className="text-muted max-md:ml-2 md:block">{usd(each.lost_usd)}</span>
                )}
              </StackedCell>
            </tr>
          ))}
        </StackedTable>
      </div>
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
