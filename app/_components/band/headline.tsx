'use client';

import { useTranslations } from 'next-intl';
import { useFreshness } from '@/app/_queries/server-now';
import type { RedLineView, Snapshot, WarningView } from '@/lib/api/snapshot';
import { isCrossed } from '@/lib/rule/hold';
import { formatInstant } from '../format/instant';
import { useFormats } from '../format/use-formats';
import { useWho } from '../format/use-who';
import { candidateShare, candidatesIn } from '../state/candidates';
import { conditionOf, type Tone } from '../state/condition';
import { countedAs } from '../state/counted-as';
import { nearestLine } from '../state/lines/nearest-line';
import { useOverSince } from '../state/lines/use-over-since';
import { useLineName } from '../state/use-line-name';
import { useStageLabel } from '../state/use-stage-label';
import { Ago } from '../ui/ago';
import { classes } from '../ui/classes';
import { Icon, type IconName } from '../ui/icon';
import { Instant } from '../ui/instant';
import { BaselineNow } from './baseline-now';
import { RearmedReason } from './rearmed-reason';
import { RestingCandidates } from './resting-candidates';
import { useRearmedSentence } from './use-rearmed-sentence';

const looks: Record<Tone, { readonly text: string; readonly icon: IconName }> = {
  well: { text: 'text-good', icon: 'check' },
  breach: { text: 'text-breach', icon: 'alert' },
  caution: { text: 'text-caution', icon: 'alert' },
  unknown: { text: 'text-muted', icon: 'dash' },
};

const icons: Readonly<Record<string, IconName>> = { paused: 'pause', re_armed: 'play' };

/** Where everything goes to the baseline, whether it is well is a question about the baseline. */
const resting: ReadonlySet<string> = new Set(['rolled_back', 'not_started', 're_armed']);

/** Stage, share and the one sentence that matters now. */
export function Headline({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('headline');
  const tWarning = useTranslations('tile.warning');
  const lineName = useLineName(snapshot);
  const stageLabel = useStageLabel();
  const { percent, metric, duration, locale, odds: formatOdds } = useFormats();
  const who = useWho();
  const condition = conditionOf(snapshot);
  const { isStale } = useFreshness();
  // What was well a moment ago may be anything now.
  const look = looks[isStale && condition.tone === 'well' ? 'unknown' : condition.tone];
  const { line, warning } = condition;
  const { rearmed } = snapshot.story;
  const overFor = useOverSince(snapshot.now);
  const nearest = nearestLine(snapshot.red_lines);
  const over = line && overFor(line);
  const rearmedText = useRearmedSentence(snapshot);
  const isRearmed = condition.name === 're_armed';
  const withValue = (each: RedLineView) => `${lineName(each)} ${metric(each.metric, each.value)}`;
  const also =
    line === null ? [] : snapshot.red_lines.filter((each) => each !== line && isCrossed(each)).map(withValue);
  const warningText = ({ metric, since, odds }: WarningView) =>
    tWarning(metric, {
      provider: snapshot.baseline,
      at: formatInstant(since, Date.parse(snapshot.now), locale, undefined),
      odds: formatOdds(odds),
    });
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1 sm:flex-nowrap">
      <div>
        <h1
          key={snapshot.stage}
          className="font-semibold text-2xl motion-safe:animate-settle tracking-tight sm:text-3xl"
        >
          {stageLabel(snapshot)}{' '}
          <span className="font-normal text-muted">
            {t('share', {
              provider: candidatesIn(snapshot).join(', '),
              share: percent(candidateShare(snapshot)),
            })}
          </span>
        </h1>
        <p
          className={classes(
            'mt-1 flex items-start gap-1.5 font-medium',
            isRearmed ? 'text-base text-text' : `text-lg ${look.text}`,
          )}
        >
          <Icon name={icons[condition.name] ?? look.icon} className="mt-1 size-4" />
          {isStale && `${t('lastKnown')} `}
          {t(`condition.${condition.name}`, {
            metric: line ? lineName(line) : '',
            value: line ? metric(line.metric, line.value) : '',
            limit: line ? metric(line.metric, line.limit) : '',
            held: over?.held ?? '',
            since: over?.since ?? '–',
            hold: line ? duration(line.hold_seconds) : '',
            rearmed: rearmedText,
            by: who(snapshot.paused?.by ?? snapshot.latched?.by),
            baseline: snapshot.baseline,
            begun: snapshot.story.attempts.length === 0 ? 'no' : 'yes',
            warning: warning ? warningText(warning) : '',
            provider: warning?.arm ?? snapshot.candidate,
            count: snapshot.red_lines.length,
            of: countedAs(snapshot.red_lines),
            nearest: nearest
              ? ` ${t('nearest', {
                  line: lineName(nearest),
                  value: metric(nearest.metric, nearest.value),
                  limit: metric(nearest.metric, nearest.limit),
                })}`
              : '',
            requests: snapshot.observation.requests,
            needed: snapshot.observation.needed_requests,
          })}
          {also.length > 0 && ` ${t('also', { lines: also.join(', ') })}`}
        </p>
        {resting.has(condition.name) && <BaselineNow snapshot={snapshot} />}
        {isRearmed && <RestingCandidates snapshot={snapshot} />}
        {rearmed && <RearmedReason rearmed={rearmed} sentence={isRearmed ? null : rearmedText} />}
      </div>
      {snapshot.stage_started_at && (
        <p
          className={classes('shrink-0 text-muted text-xs sm:text-right', snapshot.latched !== null && 'max-sm:hidden')}
        >
          {t(isRearmed ? 'at_rest_since' : 'since')} <Instant at={snapshot.stage_started_at} utc="beside" />
          <span className="block">
            <Ago at={snapshot.stage_started_at} />
            {snapshot.stage_by && <> · {t('by', { by: who(snapshot.stage_by) })}</>}
          </span>
        </p>
      )}
    </div>
  );
}
