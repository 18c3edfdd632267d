'use client';

import { useTranslations } from 'next-intl';
import type { RequestAttempt, RequestDetail } from '@/lib/api/requests-view';
import { useFormats } from '../format/use-formats';
import { VendorSaid } from '../format/vendor-said';
import { ArmMark } from '../ui/arm-mark';
import { Instant } from '../ui/instant';
import { type StoryItem, StoryList } from '../ui/story-list';

/** What happened to it, from the draw to its end. */
export function RequestStory({ request }: { readonly request: RequestDetail }) {
  const items: StoryItem[] = [
    { key: 'drawn', tone: 'unknown', icon: 'forward', text: <Drawn request={request} /> },
    ...request.attempts.map((attempt, at) => ({
      ...{
        key: `${at} ${attempt.at}`,
        ...lookOf(attempt),
        text: <Attempt attempt={attempt} isJob={request.job !== null} />,
      },
    })),
    endOf(request),
    ...request.vouchers.map((voucher) => ({
      ...{ key: `voucher ${voucher.at}`, tone: 'caution' as const, icon: 'back' as const },
      text: <Voucher voucher={voucher} />,
    })),
  ];
  return <StoryList items={items} />;
}

function lookOf({ error, refused, ours }: RequestAttempt): Pick<StoryItem, 'tone' | 'icon'> {
  if (refused) return { tone: 'unknown', icon: 'dash' };
  if (error === null) return { tone: 'well', icon: 'check' };
  return ours ? { tone: 'caution', icon: 'alert' } : { tone: 'breach', icon: 'close' };
}

function Drawn({ request }: { readonly request: RequestDetail }) {
  const t = useTranslations('requests.story');
  const arm = request.assigned ?? request.arm ?? '?';
  const fields = request.pinned_by.join(', ') || '?';
  return <p className="font-medium">{request.pinned ? t('pinned', { arm, fields }) : t('drawn', { arm })}</p>;
}

function Attempt({ attempt, isJob }: { readonly attempt: RequestAttempt; readonly isJob: boolean }) {
  const t = useTranslations('requests.story');
  const { ms } = useFormats();
  const arm = attempt.arm ?? '?';
  const took = ms(attempt.latency_ms);
  const sentence = () => {
    if (attempt.refused) return t('refused', { arm });
    if (attempt.error === null) return t(isJob ? 'accepted' : 'answered', { arm, took });
    if (attempt.ours) return t('ours', { arm });
    return attempt.latency_ms === null ? t('notCalled', { arm }) : t('failed', { arm, took });
  };
  const { provider, model, http_status: status, queued_ms: queued, provider_request_id: upstream } = attempt;
  const details = [
    provider !== null && provider !== arm ? t('provider', { provider }) : null,
    model === null ? null : t('model', { model }),
    status === null ? null : `HTTP ${status}`,
    queued === null ? null : t('queued', { took: ms(queued) }),
    upstream === null ? null : t('upstream', { id: upstream }),
    attempt.outcome === 'unknown' ? t('unknown') : null,
  ].filter((each) => each !== null);
  return (
    <>
      <p>
        <ArmMark arm={arm} />
        <span className="font-medium">{sentence()}</span>{' '}
        <span className="text-muted text-xs">
          <Instant at={attempt.at} utc="beside" />
        </span>
      </p>
      {(attempt.error_kind !== null || attempt.error !== null) && (
        <p className="break-words text-xs">
          {attempt.error_kind !== null && <code className="mr-1.5 font-mono">{attempt.error_kind}</code>}
          <span className="text-muted">{attempt.error && <VendorSaid text={attempt.error} />}</span>
        </p>
      )}
      {attempt.mapped.length > 0 && <p className="text-xs">{t('mapped', { fields: attempt.mapped.join(', ') })}</p>}
      {attempt.dropped.length > 0 && <p className="text-xs">{t('dropped', { fields: attempt.dropped.join(', ') })}</p>}
      {details.length > 0 && <p className="break-words text-muted text-xs">{details.join(' · ')}</p>}
    </>
  );
}

function endOf(request: RequestDetail): StoryItem {
  const { end, outcome } = request;
  const text = <End request={request} />;
  if (end === null) return { key: 'end', tone: 'unknown', icon: 'clock', text };
  if (end.ok) return { key: 'end', tone: outcome === 'rescued' ? 'caution' : 'well', icon: 'check', text };
  return { key: 'end', tone: outcome === 'refused' ? 'unknown' : 'breach', icon: 'close', text };
}

function End({ request }: { readonly request: RequestDetail }) {
  const t = useTranslations('requests.story');
  const { ms, duration } = useFormats();
  const { end, outcome, arm, answered_by: by, job } = request;
  if (end === null) return <p className="text-muted">{t(job === null ? 'noEnd' : 'later')}</p>;
  const seconds = (end.latency_ms ?? 0) / 1000;
  const took = seconds >= 60 ? duration(seconds) : ms(end.latency_ms);
  const sentence = () => {
    if (end.ok && outcome === 'rescued') return t('rescued', { by: by ?? '?', arm: arm ?? '?', took });
    if (end.ok) return t(job === null ? 'done' : 'jobDone', { took });
    return t(outcome === 'refused' ? 'toldRefused' : 'toldFailed', { took });
  };
  return (
    <>
      <p>
        <span className="font-medium">{sentence()}</span>{' '}
        <span className="text-muted text-xs">
          <Instant at={end.at} utc="beside" />
        </span>
      </p>
      {end.error !== null && (
        <p className="break-words text-muted text-xs">
          <VendorSaid text={end.error} />
        </p>
      )}
    </>
  );
}

function Voucher({ voucher }: { readonly voucher: RequestDetail['vouchers'][number] }) {
  const t = useTranslations('requests.story');
  return (
    <p>
      <span className="font-medium">{t('voucher', { reason: voucher.reason ?? '?' })}</span>{' '}
      <span className="text-muted text-xs">
        <Instant at={voucher.at} utc="beside" />
      </span>
    </p>
  );
}
