'use client';

import { useTranslations } from 'next-intl';
import type { MetricsView } from '@/lib/api/metrics-view';
import type { Snapshot } from '@/lib/api/snapshot';
import { Panel } from '../ui/panel';
import { ComparisonRow } from './comparison-row';

/** Metric by metric: both providers, the difference with its interval, n, and a verdict on it. */
export function ComparisonTable({ view, snapshot }: { readonly view: MetricsView; readonly snapshot: Snapshot }) {
  const t = useTranslations('comparison');
  return (
    <Panel title={t('title')} aside={<span className="text-muted text-xs">{t('hint')}</span>}>
      <div className="max-md:hidden">
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b text-left text-muted text-xs [&>th]:py-1 [&>th]:pr-3 [&>th]:font-normal">
              <th scope="col">{t('metric')}</th>
              <th scope="col">{snapshot.baseline}</th>
              <th scope="col">{snapshot.candidate}</th>
              <th scope="col">{t('difference')}</th>
              <th scope="col">{t('interval')}</th>
              <th scope="col">{t('verdict')}</th>
              <th scope="col">
                <span className="sr-only">{t('copy')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {view.comparison.map((row) => (
              <ComparisonRow key={row.metric} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      <div className="md:hidden">
        {view.comparison.map((row) => (
          <table key={row.metric} className="mb-3 w-full border-t text-sm">
            <tbody>
              <ComparisonRow row={row} stacked names={[snapshot.baseline, snapshot.candidate]} />
            </tbody>
          </table>
        ))}
      </div>
    </Panel>
  );
}
