'use client';

import { useTranslations } from 'next-intl';
import type { JobDetail } from '@/lib/api/jobs-view';
import { useFormats } from '../format/use-formats';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';
import { ScrollBox } from '../ui/scroll-box';

/** The rows of the log that speak of a job: what the red lines are judged by. */
export function JobLog({ job }: { readonly job: JobDetail }) {
  const t = useTranslations('jobs');
  const { ms, usd, duration } = useFormats();
  return (
    <Panel title={t('logTitle')}>
      {job.events.length === 0 && <p className="text-muted text-sm">{t('logEmpty')}</p>}
      {job.events.length > 0 && (
        <ScrollBox label={t('logTitle')}>
          <table className="w-full min-w-140 text-sm">
            <thead>
              <tr className="border-b text-left text-muted text-xs [&>th]:py-1 [&>th]:pr-3 [&>th]:font-normal">
                {(['at', 'event', 'arm', 'took', 'outcome', 'cost'] as const).map((name) => (
                  <th key={name} scope="col">
                    {t(`column.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {job.events.map((row) => (
                <tr
                  key={`${row.at} ${row.type} ${row.attempt}`}
                  className="border-b last:border-b-0 [&>td]:py-1.5 [&>td]:pr-3"
                >
                  <td>
                    <Instant at={row.at} utc="beside" />
                  </td>
                  <td className="whitespace-nowrap">
                    <code className="font-mono text-xs">{row.type}</code>
                    {row.phase !== null && <span className="ml-1.5 text-muted text-xs">{row.phase}</span>}
                  </td>
                  <td>
                    {row.arm ?? '–'}{' '}
                    {row.provider !== null && <span className="text-muted text-xs">{row.provider}</span>}
                  </td>
                  <td>{row.duration_ms === null ? ms(row.latency_ms) : duration(row.duration_ms / 1000)}</td>
                  <td>{row.error_kind ?? row.outcome ?? '–'}</td>
                  <td>{usd(row.cost_usd)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </Panel>
  );
}
