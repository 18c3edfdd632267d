'use client';

import { useTranslations } from 'next-intl';
import { useSplits } from '@/app/_queries/splits';
import type { MetricsView } from '@/lib/api/metrics-view';
import { useBasisName } from '../format/use-basis-name';
import { useFormats } from '../format/use-formats';
import { Panel } from '../ui/panel';

interface CostBasisProps {
  readonly view: MetricsView;
  readonly slug: string | undefined;
  /** A relay of jobs, too: some of its vendors say what one cost. */
  readonly isOfJobs: boolean;
}

/** Where the cost numbers come from: said by the provider, or computed by us. */
export function CostBasis({ view, slug, isOfJobs }: CostBasisProps) {
  const t = useTranslations('cost');
  const { count, percent } = useFormats();
  const rows = Object.entries(view.cost_basis).flatMap(([provider, counts]) => {
    const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
    return Object.entries(counts).map(([basis, n]) => ({ provider, basis, n, share: total > 0 ? n / total : 0 }));
  });
  const nameOf = useBasisName();
  const kind = useSplits().data?.splits.find((split) => split.slug === slug)?.kind;
  const none = kind === 'job' || isOfJobs ? 'noneOfJobs' : kind === 'relay' ? 'noneOfRelay' : 'none';
  return (
    <Panel title={t('title')}>
      {rows.length === 0 && <p className="text-muted text-sm">{t(none)}</p>}
      <table className="w-full text-sm">
        <caption className="sr-only">{t('title')}</caption>
        <tbody>
          {rows.map(({ provider, basis, n, share }) => (
            <tr key={`${provider} ${basis}`} className="border-t first:border-t-0">
              <th scope="row" className="py-1 text-left font-medium">
                {provider}
              </th>
              <td className="text-muted">{nameOf(basis)}</td>
              <td className="text-right">{count(n)}</td>
              <td className="text-right text-muted">{percent(share)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
