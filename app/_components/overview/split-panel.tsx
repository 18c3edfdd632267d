'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { oddsOf } from '../format/odds';
import { useFormats } from '../format/use-formats';
import { armOrder, byArm } from '../state/arm-colour';
import { areSeveral } from '../state/candidates';
import { countedAs } from '../state/counted-as';
import { ArmMark } from '../ui/arm-mark';
import { Badge } from '../ui/badge';
import { Panel } from '../ui/panel';
import { SplitBar } from '../ui/split-bar';

const mostPinned = 5;
/** Until the first ten seconds that lie wholly behind a write are over and in the log, nothing can be counted. */
const settlingSeconds = 30;

/** What was ordered beside what happened; an alarm when they differ by more than chance. */
export function SplitPanel({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('split');
  const { percent, count, duration, odds } = useFormats();
  const { observed, pinned, weights, baseline } = snapshot;
  const several = areSeveral(snapshot);
  const arms = [
    ...new Set([...armOrder(snapshot), ...Object.keys(weights), ...Object.keys(observed.recent.shares)]),
  ].toSorted(byArm(armOrder(snapshot)));
  // The split is counted since the last change of the weights: before that it was another one.
  const isCut = observed.since_seconds < observed.window_seconds;
  const isSettling = isCut && observed.since_seconds < settlingSeconds && observed.recent.total > 0;
  // Without a change in the window both are the same requests.
  const recent = isCut && observed.recent.total > 0 ? observed.recent : null;
  const window = duration(observed.window_seconds);
  const of = countedAs(snapshot.red_lines);
  const rare = observed.chance === null ? null : oddsOf(observed.chance);
  return (
    <Panel
      title={t('title')}
      aside={
        observed.total === 0 ? (
          <Badge tone="unknown" icon="dash">
            {t(observed.recent.total === 0 ? 'noTraffic' : 'justChanged')}
          </Badge>
        ) : observed.alarm ? (
          <Badge tone="caution" icon="alert">
            {t('differs')}
          </Badge>
        ) : (
          <Badge tone="well" icon="check">
            {t('agrees')}
          </Badge>
        )
      }
    >
      <table className="w-full text-sm">
        <thead>
          <tr className="text-muted text-xs">
            <th scope="col" className="text-left font-normal">
              {t(several ? 'arm' : 'provider')}
            </th>
            <th scope="col" className="text-right font-normal">
              {t('configured')}
            </th>
            <th scope="col" className="text-right font-normal">
              {t('observed')}
            </th>
            {recent && (
              <th scope="col" className="text-right font-normal">
                {t('recent', { window })}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {arms.map((provider) => (
            <tr key={provider} className="border-t">
              <th scope="row" className="py-1 text-left font-medium">
                <ArmMark arm={provider} />
                {provider}
                {provider === baseline && (
                  <span className="ml-1.5 font-normal text-muted text-xs">{t('baseline')}</span>
                )}
              </th>
              <td className="text-right">{percent(weights[provider] ?? 0)}</td>
              <td className="text-right">{observed.total === 0 ? '–' : percent(observed.shares[provider] ?? 0)}</td>
              {recent && <td className="text-right">{percent(recent.shares[provider] ?? 0)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="mt-2 grid gap-1">
        <SplitBar weights={weights} baseline={baseline} />
        {observed.total > 0 && <SplitBar weights={observed.shares} baseline={baseline} />}
      </div>
      <p className="mt-2 text-muted text-xs">
        {observed.total === 0
          ? snapshot.rollout_started_at === null && observed.recent.total === 0
            ? t('empty', { of })
            : t(isSettling ? 'settling' : isCut ? 'quietSince' : 'quiet', {
                window: duration(observed.since_seconds),
                of,
              })
          : t(isCut ? 'sampleSince' : 'sample', {
              total: observed.total,
              count: count(observed.total),
              window: duration(observed.since_seconds),
              of,
            })}
        {recent && ` ${t('recentSample', { total: count(recent.total), window })}`}
        {observed.alarm && several && ` ${t('most', { arm: observed.arm ?? '' })}`}
        {observed.alarm && rare !== null && ` ${t('chance', { odds: odds(rare) })}`}
      </p>
      {pinned.length > 0 && (
        <p className="mt-1 text-muted text-xs">
          {t('pinned', { share: percent(pinned.reduce((sum, { share }) => sum + share, 0)) })}{' '}
          {pinned
            .slice(0, mostPinned)
            .map(({ arm, field, share }) => t('pinnedTo', { arm, field, share: percent(share) }))
            .join(' · ')}
        </p>
      )}
    </Panel>
  );
}
