'use client';

import { useTranslations } from 'next-intl';
import type { JobDetail } from '@/lib/api/jobs-view';
import { useFormats } from '../format/use-formats';
import { StackedCell, stackedRow } from '../lists/stacked-cell';
import { StackedTable } from '../lists/stacked-table';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';

const columns = ['at', 'event', 'arm', 'took', 'outcome', 'cost'] as const;

/** The rows of the log that speak of a job: what the red lines are judged by. */
export function JobLog({ job }: { readonly job: JobDetail }) {
  const t = useTranslations('jobs');
  const { ms, usd, duration } = useFormats();
  return (
    <Panel title={t('logTitle')}>
      {job.events.length === 0 && <p className="text-muted text-sm">{t('logEmpty')}</p>}
      {job.events.length > 0 && (
        <StackedTable caption={t('logTitle')} columns={columns.map((name) => ({ name: t(`column.${name}`) }))} isFramed>
          {job.events.map((row) => (
            <tr key={`${row.at} ${row.type} ${row.attempt}`} className={stackedRow}>
              <StackedCell name={t('column.at')}>
                <Instant at={row.at} utc="beside" />
              </StackedCell>
              <StackedCell name={t('column.event')}>
                <code className="font-mono text-xs">{row.type}</code>
                {row.phase !== null && <span className="ml-1.5 text-muted text-xs">{row.phase}</span>}
              </StackedCell>
              <StackedCell name={t('column.arm')}>
                {row.arm ?? '–'} {row.provider !== null && <span className="text-muted text-xs">{row.provider}</span>}
              </StackedCell>
              <StackedCell name={t('column.took')}>
                {row.duration_ms === null ? ms(row.latency_ms) : duration(row.duration_ms / 1000)}
              </StackedCell>
              <StackedCell name={t('column.outcome')}>{row.error_kind ?? row.outcome ?? '–'}</StackedCell>
              <StackedCell name={t('column.cost')}>{usd(row.cost_usd)}</StackedCell>
            </tr>
          ))}
        </StackedTable>
      )}
    </Panel>
  );
}
