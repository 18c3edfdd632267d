'use client';

import { useTranslations } from 'next-intl';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { ComparisonItem, ComparisonsView } from '@/lib/api/comparisons-view';
import { useFormats } from '../format/use-formats';
import { ArmMark } from '../ui/arm-mark';
import { Empty } from '../ui/empty';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';

/** What people said, beside what customers did: a voucher is the vote of a customer who did not like it. */
export function VotesPanel({ view }: { readonly view: ComparisonsView }) {
  const t = useTranslations('compare');
  const { baseline, candidates, votes, comparisons } = view;
  const vouchers = useVouchers();
  const arms = [...(baseline === null ? [] : [baseline]), ...candidates];
  if (comparisons.length === 0) return <Empty title={t('none')}>{t('noneHint')}</Empty>;
  return (
    <Panel title={t('votesTitle')}>
      <dl className="flex flex-wrap gap-x-6 gap-y-2">
        {arms.map((arm) => (
          <div key={arm}>
            <dt className="text-muted text-xs">
              <ArmMark arm={arm} />
              {arm}
            </dt>
            <dd>
              <span className="font-semibold text-lg tabular-nums">{t('votes', { n: votes.arms[arm] ?? 0 })}</span>
              {vouchers(arm) !== null && <span className="block text-muted text-xs">{vouchers(arm)}</span>}
            </dd>
          </div>
        ))}
        <div>
          <dt className="text-muted text-xs">{t('vote.neither')}</dt>
          <dd className="font-semibold text-lg tabular-nums">{t('votes', { n: votes.neither })}</dd>
        </div>
      </dl>
      <ul className="mt-3 text-sm">
        {comparisons.map((each) => (
          <Line key={each.id} comparison={each} />
        ))}
      </ul>
    </Panel>
  );
}

/** Vouchers of an arm in the window of its line; null where no line reads them. */
function useVouchers(): (arm: string) => string | null {
  const t = useTranslations('compare');
  const { metric } = useFormats();
  const snapshot = useSnapshot();
  const lines = snapshot?.red_lines.filter((line) => line.metric === 'regenerate_voucher_rate') ?? [];
  return (arm) => {
    const own = lines.find((line) => line.arm === arm);
    const value = own?.value ?? (arm === snapshot?.baseline ? lines[0]?.baseline_value : null) ?? null;
    return value === null ? null : t('vouchers', { rate: metric('regenerate_voucher_rate', value) });
  };
}

function Line({ comparison }: { readonly comparison: ComparisonItem }) {
  const t = useTranslations('compare');
  const { usd } = useFormats();
  const { at, by, model, cost_usd, told, sides, votes } = comparison;
  const pair = told ? `${sides.left.arm} · ${sides.right.arm}` : t('hidden');
  return (
    <li className="grid gap-0.5 border-t py-2 first:border-t-0">
      <p className="flex flex-wrap gap-x-3 gap-y-0.5">
        <span className="break-all font-medium">{model}</span>
        <span>{pair}</span>
        <span className="text-muted text-xs">
          {by} · <Instant at={at} />
          {cost_usd !== null && ` · ${usd(cost_usd)}`}
        </span>
      </p>
      {votes.map((vote) => (
        <p key={vote.by} className="break-words text-muted text-xs">
          {vote.by}: {vote.arm === null ? t('vote.neither') : vote.arm}
          {vote.reason !== null && ` (${vote.reason})`}
        </p>
      ))}
    </li>
  );
}
