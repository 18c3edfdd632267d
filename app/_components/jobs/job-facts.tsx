'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { JobDetail } from '@/lib/api/jobs-view';
import { useFormats } from '../format/use-formats';
import { RequestLink } from '../requests/request-link';
import { ArmMark } from '../ui/arm-mark';
import { CopyableId } from '../ui/copy/copyable-id';
import { Facts } from '../ui/facts';
import { Panel } from '../ui/panel';

export function JobFacts({ job }: { readonly job: JobDetail }) {
  const t = useTranslations('jobs');
  const { usd, duration, percent } = useFormats();
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('column.job'), <CopyableId key="id" text={job.id} />],
    [t('column.age'), duration(job.age_seconds)],
    ...(job.ended_at === null && job.progress !== null
      ? [[t('fact.progress'), percent(job.progress, 0)] as const]
      : []),
    ...(job.ended_at === null && job.queue_position !== null
      ? [[t('fact.queue'), String(job.queue_position)] as const]
      : []),
    [t('column.arm'), <Arm key="arm" job={job} />],
    [t('fact.provider'), `${job.provider} (${job.adapter}) · ${job.base_url}`],
    [t('fact.key'), job.key_version === 0 ? t('fact.environmentKey') : t('fact.keyVersion', { n: job.key_version })],
    [t('fact.model'), modelText(job)],
    [t('column.upstream'), job.upstream_id === null ? '–' : <CopyableId key="upstream" text={job.upstream_id} />],
    [t('column.caller'), `${job.caller} · ${job.door}`],
    [t('fact.request'), <RequestLink key="request" id={job.request_id} at={job.created_at} />],
    [t('fact.weights'), job.weights_version === null ? '–' : String(job.weights_version)],
    [t('column.cost'), `${usd(job.cost_usd)}${job.cost_basis === null ? '' : ` (${job.cost_basis})`}`],
  ];
  return (
    <Panel title={t('factsTitle')}>
      <Facts facts={facts} />
    </Panel>
  );
}

/** A relay changes no name. */
function modelText({ adapter, model, provider_model }: JobDetail): string {
  if (model === null) return '–';
  return adapter === 'relay' || model === provider_model ? model : `${model} → ${provider_model}`;
}

function Arm({ job }: { readonly job: JobDetail }) {
  const t = useTranslations('jobs');
  const how = job.pinned ? t('fact.pinned') : job.assigned === job.arm ? null : t('fact.drawn', { arm: job.assigned });
  return (
    <>
      <ArmMark arm={job.arm} />
      {job.arm}
      {how !== null && <span className="ml-1.5 text-muted text-xs">{how}</span>}
    </>
  );
}
