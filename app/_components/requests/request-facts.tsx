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
  const { usd, ms } = useFormats();
  const stageName = useStageName();
  const basisName = useBasisName();
  const { model, size, caller, user_hash: user, stage } = request;
  const basis = request.attempts.find((attempt) => attempt.cost_basis !== null)?.cost_basis ?? null;
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
    [
      t('column.cost'),
      `${usd(request.cost_usd)}${basis === null || request.cost_usd === null ? '' : ` (${basisName(basis)})`}`,
    ],
  ];
  return (
    <Panel title={t('factsTitle')}>
      <Facts facts={facts} />
      <p className="mt-2 text-muted text-xs">{t('factsHint')}</p>
    </Panel>
  );
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
