'use client';

import { useTranslations } from 'next-intl';
import type { IncidentView } from '@/lib/api/incident-view';
import { useFormats } from '../format/use-formats';
import { RequestsLink } from '../requests/request-link';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';

type Harmed = IncidentView['harm']['hurt'];

/** Whose request failed, and whose was answered by another arm. */
export function HarmPanel({ view }: { readonly view: IncidentView }) {
  const t = useTranslations('incident');
  const { count } = useFormats();
  const { hurt, rescued, slow, requests, counted, whole } = view.harm;
  const arm = view.arms.length === 1 ? (view.arms[0] ?? '') : '';
  return (
    <Panel title={t('harm')}>
      <div className="grid grid-cols-2 gap-3">
        <Harm name={t('hurt')} of={hurt} tone="text-breach" filter={{ ...counted, arm, outcome: 'failed' }} />
        <Harm name={t('rescued')} of={rescued} tone="text-text" filter={{ ...counted, arm, outcome: 'rescued' }} />
      </div>
      {slow !== null && <p className="mt-2 text-sm">{t('slow', { n: slow, count: count(slow) })}</p>}
      <p className="mt-2 text-muted text-xs">
        {t.rich(whole ? 'counted' : 'countedInPart', {
          n: count(requests),
          arms: view.arms.join(', '),
          from: () => <Instant at={counted.from} />,
          to: () => <Instant at={counted.to} utc="beside" />,
        })}
      </p>
    </Panel>
  );
}

interface HarmProps {
  readonly name: string;
  readonly of: Harmed;
  readonly tone: string;
  readonly filter: Parameters<typeof RequestsLink>[0]['filter'];
}

function Harm({ name, of, tone, filter }: HarmProps) {
  const t = useTranslations('incident');
  const { count } = useFormats();
  return (
    <div className="min-w-0 rounded-control bg-sunken p-3">
      <p className="text-muted text-xs">{name}</p>
      <p className={`font-semibold text-2xl ${of.requests > 0 ? tone : 'text-muted'}`}>{count(of.requests)}</p>
      <p className="text-xs">{t('users', { n: of.users, count: count(of.users) })}</p>
      {of.without_user > 0 && <p className="text-muted text-xs">{t('withoutUser', { n: count(of.without_user) })}</p>}
      {of.requests > 0 && (
        <RequestsLink filter={filter} className="text-link text-xs underline underline-offset-2">
          {t('which')}
        </RequestsLink>
      )}
    </div>
  );
}
