'use client';

import { useTranslations } from 'next-intl';
import type { MetricsView, ComparisonRow as Row } from '@/lib/api/metrics-view';
import type { Snapshot } from '@/lib/api/snapshot';
import { ArmMark } from '../ui/arm-mark';
import { Panel } from '../ui/panel';
import { ComparisonRow } from './comparison-row';

/** Metric by metric: each candidate beside the baseline, the difference with its interval, n, and a verdict on it. */
export function ComparisonTable({ view, snapshot }: { readonly view: MetricsView; readonly snapshot: Snapshot }) {
  const t = useTranslations('comparison');
  const arms = [...new Set(view.comparison.map(({ arm }) => arm))];
  return (
    <Panel title={t('title')} aside={<span className="text-muted text-xs">{t('hint')}</span>}>
      {arms.map((arm) => (
        <div key={arm} className="not-first:mt-4">
          {arms.length > 1 && (
            <h3 className="font-medium text-sm">
              <ArmMark arm={arm} />
              {t('against', { arm, baseline: snapshot.baseline })}
            </h3>
          )}
          <OfArm arm={arm} baseline={snapshot.baseline} rows={view.comparison.filter((row) => row.arm === arm)} />
        </div>
      ))}
    </Panel>
  );
}

interface OfArmProps {
  readonly arm: string;
  readonly baseline: string;
  readonly rows: readonly Row[];
}

function OfArm({ arm, baseline, rows }: OfArmProps) {
  const t = useTranslations('comparison');
  return (
    <>
      <div className="max-md:hidden">
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b text-left text-muted text-xs [&>th]:py-1 [&>th]:pr-3 [&>th]:font-normal">
              <th scope="col">{t('metric')}</th>
              <th scope="col">{baseline}</th>
              <th scope="col">{arm}</th>
              <th scope="col">{t('difference')}</th>
              <th scope="col">{t('interval')}</th>
              <th scope="col">{t('verdict')}</th>
              <th scope="col">
                <span className="sr-only">{t('copy')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ComparisonRow key={row.metric} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      <div className="md:hidden">
        {rows.map((row) => (
          <table key={row.metric} className="mb-3 w-full border-t text-sm">
            <tbody>
              <ComparisonRow row={row} stacked names={[baseline, arm]} />
            </tbody>
          </table>
        ))}
      </div>
    </>
  );
}
