'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useMetrics } from '@/app/_queries/log/metrics';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { IncidentView } from '@/lib/api/incident-view';
import type { LineVerdict } from '@/lib/rule/verdict';
import { MetricCharts } from '../metrics/metric-charts';
import { armOrder } from '../state/arm-colour';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';

interface IncidentChartsProps {
  readonly view: IncidentView;
  /** As they were when it was decided: the lines of today may be others. */
  readonly lines: readonly LineVerdict[];
}

/** The charts of the metrics, standing still around the rollback; the line that decided comes first. */
export function IncidentCharts({ view, lines }: IncidentChartsProps) {
  const t = useTranslations('incident');
  const { data, error } = useMetrics(view.charts);
  const snapshot = useSnapshot();
  const names = snapshot ? armOrder(snapshot).join('\n') : [view.baseline, ...view.arms].join('\n');
  const order = useMemo(() => names.split('\n'), [names]);
  const frozen = useMemo(() => {
    const then = lines.map(({ metric, limit, windowSeconds: window_seconds }) => ({ metric, limit, window_seconds }));
    const known = new Map(then.map(({ metric, limit }) => [metric, limit]));
    const of = data?.lines.map((line) => ({ ...line, limit: known.get(line.metric) ?? line.limit })) ?? [];
    return { then, view: data === undefined ? undefined : { ...data, lines: of } };
  }, [data, lines]);
  const focus = lines.find((line) => line.acts)?.metric ?? null;
  return (
    <section aria-label={t('charts')} className="grid min-w-0 gap-1.5">
      <h2 className="font-semibold text-sm">{t('charts')}</h2>
      {error && <ProblemNote problem={error} />}
      {frozen.view === undefined && !error && <Skeleton className="h-[68rem]" />}
      {frozen.view && <MetricCharts view={frozen.view} lines={frozen.then} order={order} focus={focus} />}
    </section>
  );
}
