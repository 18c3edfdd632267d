'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { JobDetail } from '@/lib/api/jobs-view';
import { useFormats } from '../format/use-formats';
import { ArmMark } from '../ui/arm-mark';
import { CopyButton } from '../ui/copy-button';
import { Panel } from '../ui/panel';

export function JobFacts({ job }: { readonly job: JobDetail }) {
  const t = useTranslations('jobs');
  const { usd, duration, percent } = useFormats();
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('column.job'), <Id key="id" text={job.id} />],
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
    [t('fact.model'), job.model === job.provider_model ? job.model : `${job.model} → ${job.provider_model}`],
    [t('column.upstream'), job.upstream_id === null ? '–' : <Id key="upstream" text={job.upstream_id} />],
    [t('column.caller'), `${job.caller} · ${job.door}`],
    [t('fact.request'), <Id key="request" text={job.request_id} />],
    [t('fact.weights'), job.weights_version === null ? '–' : String(job.weights_version)],
    [t('column.cost'), `${usd(job.cost_usd)}${job.cost_basis === null ? '' : ` (${job.cost_basis})`}`],
  ];
  return (
    <Panel title={t('factsTitle')}>
      <Facts facts={facts} />
    </Panel>
  );
}

export function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm [&>div>dt]:text-muted">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt>{name}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
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

function Id({ text }: { readonly text: string }) {
  const t = useTranslations('jobs');
  return (
    <span className="flex flex-wrap items-center gap-x-1">
      <code className="break-all font-mono text-xs">{text}</code>
      <CopyButton text={text} label={t('copy')} />
    </span>
  );
}
