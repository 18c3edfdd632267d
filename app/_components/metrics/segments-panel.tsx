'use client';

import { useTranslations } from 'next-intl';
import type { Segment, SegmentsView } from '@/lib/api/segments-view';
import type { Metric } from '@/lib/split/policy/metrics';
import { useFormats } from '../format/use-formats';
import { StackedCell, stackedRow } from '../lists/stacked-cell';
import { StackedTable } from '../lists/stacked-table';
import { RequestsLink } from '../requests/request-link';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';
import { SegmentFigure } from './segment-figure';

interface SegmentsPanelProps {
  readonly view: SegmentsView;
  /** The one that the charts show. */
  readonly chosen: string | null;
  readonly onChoose: (value: string | null) => void;
}

/** The arms in each segment by itself, under a count of the chances to be misled. */
export function SegmentsPanel({ view, chosen, onChoose }: SegmentsPanelProps) {
  const t = useTranslations();

  const metrics = [...new Set(view.segments.flatMap(({ comparison }) => comparison.map(({ metric }) => metric)))];
  return (
    <Panel
      title={t('segments.title', { by: t(`segments.name.${view.by}`) })}
      aside={
        <span className="text-muted text-xs">
          {t.rich('segments.since', { at: () => <Instant at={view.from} />, to: () => <Instant at={view.to} /> })}
        </span>
      }
    >
      {view.segments.length === 0 && <p className="text-muted text-sm">{t('segments.empty')}</p>}
      {view.looks > 0 && (
        <p className="mb-2 flex gap-1.5 text-sm" role="note">
          <Icon name="alert" className="mt-0.5 size-4 shrink-0 text-caution" />
          <span>{t('segments.luck', { looks: view.looks, luck: Math.round(view.by_luck * 10) / 10 })}</span>
        </p>
      )}
      {view.segments.length > 0 && (
        <StackedTable
          caption={t('segments.title', { by: t(`segments.name.${view.by}`) })}
          columns={[
            { name: t(`segments.name.${view.by}`) },
            { name: t('segments.requests') },
            ...metrics.map((metric) => ({ name: t(`metric.${metric}`) })),
          ]}
        >
          {view.segments.map((segment) => (
            <SegmentRow key={segment.value ?? ' unsaid'} view={view} {...{ segment, metrics, chosen, onChoose }} />
          ))}
        </StackedTable>
      )}
      {view.others > 0 && <p className="mt-2 text-muted text-xs">{t('segments.others', { n: view.others })}</p>}
    </Panel>
  );
}

interface SegmentRowProps extends SegmentsPanelProps {
  readonly segment: Segment;
  readonly metrics: readonly Metric[];
}

function SegmentRow({ view, segment, metrics, chosen, onChoose }: SegmentRowProps) {
  const t = useTranslations();
  const { count } = useFormats();
  const { value, requests, comparison } = segment;
  const isChosen = value !== null && value === chosen;
  const filter = { [view.by]: value ?? '', from: view.from, to: view.to };
  return (
    <tr className={`${stackedRow} ${isChosen ? 'bg-selected' : ''}`}>
      <StackedCell name={t(`segments.name.${view.by}`)}>
        {value === null ? (
          <span className="text-muted">{t('segments.unsaid')}</span>
        ) : (
          <Button
            look="plain"
            aria-pressed={isChosen}
            onClick={() => onChoose(isChosen ? null : value)}
            className="-ml-1.5 max-w-full whitespace-normal break-all px-1.5 text-left text-link underline underline-offset-2"
          >
            {value}
          </Button>
        )}
      </StackedCell>
      <StackedCell name={t('segments.requests')}>
        {Object.entries(requests).map(([arm, n]) => (
          <span key={arm} className="block whitespace-nowrap">
            <span className="text-muted text-xs">{arm}</span> {count(n)}
          </span>
        ))}
        {value !== null && view.by !== 'size' && (
          <RequestsLink filter={filter} className="text-link text-xs underline underline-offset-2">
            {t('segments.look')}
          </RequestsLink>
        )}
      </StackedCell>
      {metrics.map((metric) => (
        <StackedCell key={metric} name={t(`metric.${metric}`)}>
          {comparison
            .filter((row) => row.metric === metric)
            .map((row) => (
              <SegmentFigure key={row.arm} row={row} />
            ))}
        </StackedCell>
      ))}
    </tr>
  );
}
