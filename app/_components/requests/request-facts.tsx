'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { RequestDetail } from '@/lib/api/requests-view';
import { useBasisName } from '../format/use-basis-name';
import { useFormats } from '../format/use-formats';
import { useStageName } from '../state/use-stage-name';
import { CopyableId } from '../ui/copy/copyable-id';
import { Facts } from '../ui/facts';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';
import { RequestsLink } from './request-link';

export function RequestFacts({ request }: { readonly request: RequestDetail }) {
  const t = useTranslations('requests');
  const { ms } = useFormats();
  const stageName = useStageName();
  const { model, size, caller, user_hash: user, stage } = request;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('column.request'), <CopyableId key="id" text={request.request_id} />],
    [t('fact.at'), <Instant key="at" at={request.at} utc="beside" />],
    [t('fact.drawn'), request.assigned ?? request.arm ?? '–'],
    [t('fact.stage'), stage === null ? '–' : stageName(stage)],
    [t('fact.weights'), request.weights_version === null ? '–' : String(request.weights_version)],
    [t('column.model'), [model, size].filter(Boolean).join(' · ') || '–'],
    [t('column.caller'), caller === null ? '–' : <Caller key="caller" name={caller} />],
    [t('fact.user'), user === null ? '–' : <User key="user" hash={user} />],
    [t('fact.total'), ms(request.total_ms)],
    [t('column.cost'), <Cost key="cost" request={request} />],
  ];
  return (
    <Panel title={t('factsTitle')}>
      <Facts facts={facts} />
      <p className="mt-2 text-muted text-xs">{t('factsHint')}</p>
    </Panel>
  );
}

/** Of what comes later its job knows the cost; its create says what it did not know. */
function Cost({ request: { job, attempts, cost_usd } }: { readonly request: RequestDetail }) {
  const t = useTranslations('requests');
  const { usd } = useFormats();
  const basisName = useBasisName();
  if (job !== null && job.cost_usd === null) return t(job.ended_at === null ? 'cost.later' : 'cost.untold');
  const basis = job === null ? attempts.find((each) => each.cost_basis !== null)?.cost_basis : job.cost_basis;
  const known = job?.cost_usd ?? cost_usd;
  const cost = `${usd(known)}${basis == null || known === null ? '' : ` (${basisName(basis)})`}`;
  return job === null ? cost : t('cost.ofJob', { cost });
}

function User({ hash }: { readonly hash: string }) {
  return (
    <RequestsLink filter={{ user: hash }}>
      <code className="break-all font-mono text-xs">{hash}</code>
    </RequestsLink>
  );
}

function Caller({ name }: { readonly name: string }) {
  return <RequestsLink filter={{ caller: name }}>{name}</RequestsLink>;
}
