'use client';

import { useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useCallback, useMemo } from 'react';
import { useMetrics } from '@/app/_queries/log/metrics';
import { useSegments } from '@/app/_queries/log/segments';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useSplitPlace } from '@/app/_queries/split';
import type { MetricsView } from '@/lib/api/metrics-view';
import type { Snapshot } from '@/lib/api/snapshot';
import { armOrder } from '../state/arm-colour';
import { countedAs } from '../state/counted-as';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy/copy-button';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { CostBasis } from './cost-basis';
import { FailureKinds } from './failure-kinds';
import { MarkerList } from './marker-list';
import { MetricCharts } from './metric-charts';
import { isBetween, type MetricRange, rangeOf, searchOf, spanOfRange } from './metric-range';
import { permalink } from './permalink';
import { RangeBar } from './range-bar';
import { type SegmentChoice, segmentChoiceOf, segmentSearch, segmentView } from './segment-choice';
import { SegmentSwitch } from './segment-switch';
import { SegmentsPanel } from './segments-panel';
import { TrafficCharts } from './traffic-charts';
import { WindowSwitch } from './window-switch';

/** The span and the chosen metric live in the address, so that a link shows what I see. */
export function MetricsBoard() {
  const t = useTranslations('metrics');
  const ts = useTranslations('segments');
  const router = useRouter();
  const search = useSearchParams();
  const range = rangeOf(search);
  const snapshot = useSnapshot();
  const choice = segmentChoiceOf(search);
  const span = spanNow(range, snapshot);
  const { data: whole, error } = useMetrics(span);
  const { data: segments, error: untold } = useSegments(span, choice.by, choice.segment);
  const view = useMemo(() => whole && segmentView(whole, segments, choice.segment), [whole, segments, choice.segment]);
  const isPart = view !== whole;
  const place = useSplitPlace();
  // A new list each second would draw every chart anew.
  const names = snapshot ? armOrder(snapshot).join('\n') : 'fal';
  const order = useMemo(() => names.split('\n'), [names]);
  const hrefOf = (next: MetricRange) => place.href(`/charts?${searchOf(new URLSearchParams(search), next)}`);
  const choose = (next: MetricRange) => router.replace(hrefOf(next), { scroll: false });
  // The browser's own way back leads out of a zoom, too.
  const goTo = (next: MetricRange) => router.push(hrefOf(next), { scroll: false });
  const zoom = useCallback(
    (times: { readonly from: string; readonly to: string }) => {
      const next = searchOf(new URLSearchParams(search), { ...rangeOf(search), ...times });
      router.push(place.href(`/charts?${next}`), { scroll: false });
    },
    [router, search, place],
  );
  const part = (next: SegmentChoice) =>
    router.push(place.href(`/charts?${segmentSearch(new URLSearchParams(search), next)}`), { scroll: false });
  const focus = search.get('metric');
  // A link to one metric shows that first.
  const traffic = view && <TrafficCharts view={view} order={order} onZoom={zoom} />;
  const slug = snapshot?.slug;
  // The same element as long as the view is: a new snapshot each second draws none of it anew.
  const isOfJobs = countedAs(snapshot?.red_lines ?? []) === 'jobs';
  const lists = useMemo(() => view && <Lists {...{ view, isPart, slug, isOfJobs }} />, [view, isPart, slug, isOfJobs]);
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h1 className="font-semibold text-xl">{t('title')}</h1>
        <div className="flex flex-wrap items-center gap-2">
          <CopyButton text={() => permalink(document, globalThis.location.href)} label={t('copyLink')} />
          <SegmentSwitch value={choice.by} onChange={(by) => part({ by, segment: null })} />
          <WindowSwitch
            value={isBetween(range) ? null : range.window}
            onChange={(window) => choose({ window, from: null, to: null })}
          />
        </div>
      </div>
      <RangeBar range={range} shown={view} onChange={goTo} />
      {error && <ProblemNote problem={error} />}
      {untold && choice.by !== null && <ProblemNote problem={untold} />}
      {choice.by !== null &&
        (segments?.by === choice.by ? (
          <SegmentsPanel view={segments} chosen={choice.segment} onChoose={(segment) => part({ ...choice, segment })} />
        ) : (
          untold === null && <Skeleton className="h-60" />
        ))}
      {isPart && choice.segment !== null && (
        <p className="flex flex-wrap items-center gap-2 text-sm">
          {ts('shown', { segment: choice.segment })}
          <Button onClick={() => part({ ...choice, segment: null })}>{ts('all')}</Button>
        </p>
      )}
      {!view && !error && (
        <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
          {['requests', 'shares', 'latency', 'failures', 'cost', 'vouchers'].map((name) => (
            <Skeleton key={name} className="h-80" />
          ))}
        </div>
      )}
      {view && (
        <>
          {focus === null && traffic}
          <MetricCharts view={view} lines={snapshot?.red_lines ?? []} order={order} focus={focus} onZoom={zoom} />
          {focus !== null && traffic}
          {lists}
        </>
      )}
    </div>
  );
}

interface ListsProps {
  readonly view: MetricsView;
  readonly isPart: boolean;
  readonly slug: string | undefined;
  readonly isOfJobs: boolean;
}

/** Failures and costs count all requests. */
function Lists({ view, isPart, slug, isOfJobs }: ListsProps) {
  return (
    <div className="grid grid-cols-1 gap-3 lg:grid-cols-2">
      {!isPart && <FailureKinds view={view} />}
      <div className="grid content-start gap-3">
        {!isPart && <CostBasis view={view} slug={slug} isOfJobs={isOfJobs} />}
        <MarkerList markers={view.markers} />
      </div>
    </div>
  );
}

/** A stage is known when the first snapshot is; until then nothing is asked. */
function spanNow(range: MetricRange, snapshot: Snapshot | undefined) {
  if (snapshot === undefined && range.window === 'stage' && !isBetween(range)) return undefined;
  return spanOfRange(range, snapshot?.stage_started_at ?? null, snapshot ? Date.parse(snapshot.now) : 0);
}
