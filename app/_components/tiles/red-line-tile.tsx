'use client';

import { useTranslations } from 'next-intl';
import { useFreshness } from '@/app/_queries/server-now';
import type { RedLineView, Snapshot, WarningView } from '@/lib/api/snapshot';
import { formatInstant } from '../format/instant';
import { useFormats } from '../format/use-formats';
import { useVerdictSentence } from '../overview/use-verdict-sentence';
import { hasEnough, requestsOf } from '../state/candidates';
import { countedAs } from '../state/counted-as';
import { headroomOf } from '../state/headroom';
import { useUnitWords } from '../state/lines/use-unit-words';
import { useLineName } from '../state/use-line-name';
import { lineLook } from '../state/verdict-look';
import { ArmMark } from '../ui/arm-mark';
import { Badge } from '../ui/badge';
import { classes } from '../ui/classes';
import { Icon } from '../ui/icon';
import { SplitLink } from '../ui/split-link';
import { EarlyBar } from './early-bar';
import { endedByRollback } from './ended-by-rollback';
import { HoldRing } from './hold-ring';
import { Sparkline } from './sparkline';
import { useSparedSentence } from './use-spared-sentence';

/** Value, line and difference to the baseline; the last hour; headroom, n and window; and the verdict in words. */
export function RedLineTile({ line, snapshot }: { readonly line: RedLineView; readonly snapshot: Snapshot }) {
  const t = useTranslations('tile');
  const tAll = useTranslations();
  const { metric, signed, count, duration, percent, locale } = useFormats();
  const sentence = useVerdictSentence();
  const look = lineLook(line, snapshot);
  const { isStale } = useFreshness();
  const requests = requestsOf(snapshot, line.arm);
  const { needed_requests: needed } = snapshot.observation;
  const isEarly = look.tone === 'unknown' && !hasEnough(snapshot, line.arm);
  const window = sinceRollout(line.window_seconds, snapshot);
  const alarmed = look.tone === 'breach';
  const room = headroomOf(line.value, line.limit);
  const name = useLineName(snapshot)(line);
  const unit = useUnitWords()(line.metric);
  const delayOf = ({ median_delay_seconds: delay, known_vouchers: known }: NonNullable<RedLineView['exposure']>) => ({
    delay: duration(delay),
    count: count(known),
    provider: snapshot.baseline,
  });
  const warning = snapshot.warnings.find((each) => each.metric === line.metric && each.arm === line.arm);
  const { value, baseline_value: baseline } = line;
  const spared = useSparedSentence()(line, snapshot.now);
  // With no share there is nothing to be measured: not "no requests in the last hour", of which there may be many.
  const isOut = (snapshot.weights[line.arm] ?? 0) === 0;
  const hasNoShare = isOut && ['no_traffic', 'was_over', 'was_ok'].includes(look.name);
  const ended = hasNoShare ? endedByRollback(line, snapshot.story) : null;
  const limit = line.limit === null ? undefined : metric(line.metric, line.limit);
  const limitHint = line.comparison === '>=' ? 'limitFrom' : 'limitAbove';
  const instant = (at: string) => formatInstant(at, Date.parse(snapshot.now), locale, undefined);
  return (
    <section
      aria-label={name}
      className={classes(
        'flex min-w-0 flex-col rounded-panel border bg-surface p-3 sm:p-3.5',
        alarmed && 'border-breach ring-1 ring-breach',
        isEarly && 'border-line-strong border-dashed',
      )}
    >
      <div className="flex flex-wrap items-center justify-between gap-x-2 gap-y-1">
        <h2 className="font-semibold text-sm">
          <ArmMark arm={line.arm} />
          <SplitLink href={`/charts?metric=${line.metric}`} className="hover:underline">
            {name}
          </SplitLink>
        </h2>
        <span className="flex items-center gap-1.5">
          {line.action === 'signal' && (
            <span title={t('signalHint')} className="rounded-control border px-1.5 text-2xs text-muted">
              {t('signal')}
            </span>
          )}
          <Badge tone={look.tone} icon={look.icon}>
            {tAll(`verdict.${look.name}`)}
          </Badge>
        </span>
      </div>
      <p className="mt-1 flex flex-wrap items-baseline gap-x-2">
        <span
          className={classes(
            'whitespace-nowrap font-semibold text-xl tabular-nums tracking-tight sm:text-2xl',
            alarmed && 'text-breach',
            isEarly && 'text-muted',
          )}
        >
          {metric(line.metric, value)}
        </span>
        <span className="whitespace-nowrap text-muted text-xs" title={limit && t(limitHint, { limit })}>
          {limit === undefined ? !hasNoShare && t('limitUnknown') : t('limit', { limit })}
        </span>
      </p>
      {unit !== null && <p className="text-muted text-xs">{unit}</p>}
      <p className="mb-1.5 min-h-4 text-muted text-xs">
        {line.baseline_n > 0 && baseline !== null && (
          <>
            {value !== null && <b className="font-medium text-text">{signed(line.metric, value - baseline)}</b>}{' '}
            {t('against', { provider: snapshot.baseline, value: metric(line.metric, baseline) })}
          </>
        )}
      </p>
      <Sparkline line={line} isPast={hasNoShare} />
      <p className="mt-1.5 flex flex-wrap justify-between gap-x-3 text-muted text-xs">
        <span>
          {isEarly
            ? t('notEnough', { n: count(requests), needed: count(needed) })
            : room === null
              ? !hasNoShare && t('noHeadroom')
              : room < -1
                ? t('times', { times: count(1 - room) })
                : room < 0
                  ? t('over', { share: percent(-room, 0) })
                  : t('headroom', { share: percent(room, 0) })}
        </span>
        {!hasNoShare && (
          <span title={line.exposure ? t('delay', delayOf(line.exposure)) : undefined}>
            {t(line.exposure ? 'exposed' : isStale ? 'sample.then' : 'sample.now', {
              n: line.n,
              count: count(line.n),
              window: duration(window),
              of: countedAs([line]),
              at: instant(snapshot.now),
            })}
          </span>
        )}
      </p>
      {isEarly && <EarlyBar share={needed > 0 ? requests / needed : 1} />}
      {!hasNoShare && <HoldRing line={line} now={snapshot.now} />}
      {warning && <WarningNote warning={warning} snapshot={snapshot} />}
      <p className="mt-1 min-h-8 text-xs" role={alarmed ? 'alert' : undefined}>
        {hasNoShare
          ? ended
            ? t('ended', { from: instant(ended.from), at: instant(ended.at), arm: line.arm })
            : t('noShare', { arm: line.arm })
          : (spared ??
            (look.name === 'not_enough'
              ? t('early', { n: count(requests), needed: count(needed), of: countedAs([line]) })
              : sentence({ ...line, window_seconds: window })))}
      </p>
    </section>
  );
}

function WarningNote({ warning, snapshot }: { readonly warning: WarningView; readonly snapshot: Snapshot }) {
  const t = useTranslations('tile');
  const { odds, locale } = useFormats();
  return (
    <p role="status" className="mt-1 flex items-start gap-1 font-medium text-caution text-xs">
      <Icon name="alert" className="mt-0.5 size-3.5" />
      {t(`warning.${warning.metric}`, {
        provider: snapshot.baseline,
        at: formatInstant(warning.since, Date.parse(snapshot.now), locale, undefined),
        odds: odds(warning.odds),
      })}
    </p>
  );
}

/** Windows reach back at most to the start of the rollout. */
function sinceRollout(windowSeconds: number, { rollout_started_at: started, now }: Snapshot): number {
  if (started === null) return windowSeconds;
  const since = Math.round((Date.parse(now) - Date.parse(started)) / 1000);
  return Math.max(0, Math.min(windowSeconds, since));
}
