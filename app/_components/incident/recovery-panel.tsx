'use client';

import { useTranslations } from 'next-intl';
import type { IncidentView } from '@/lib/api/incident-view';
import { useFormats } from '../format/use-formats';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';
import { ScrollBox } from '../ui/scroll-box';

/** Whether the baseline could carry what it was given back. */
export function RecoveryPanel({ view }: { readonly view: IncidentView }) {
  const t = useTranslations('incident');
  const { count, metric, ms } = useFormats();
  const { recovery, baseline } = view;
  return (
    <Panel title={t('recovery', { arm: baseline })}>
      <ScrollBox label={t('recovery', { arm: baseline })}>
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b text-left text-muted text-xs [&>th]:py-1 [&>th]:pr-3 [&>th]:font-normal [&>th]:whitespace-nowrap">
              {(['when', 'requests', 'failureRate', 'p95'] as const).map((name) => (
                <th key={name} scope="col" className={name === 'when' ? undefined : 'text-right'}>
                  {t(`side.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(['before', 'during', 'after'] as const).map((when) => {
              const side = recovery[when];
              return (
                <tr
                  key={when}
                  className="border-b last:border-b-0 [&>td]:py-1.5 [&>td]:pr-3 [&>td]:text-right [&>td]:whitespace-nowrap"
                >
                  <th scope="row" className="py-1.5 pr-3 text-left font-medium">
                    {t(`side.${when}`)}
                    {side !== null && (
                      <span className="block font-normal text-muted text-xs">
                        <Instant at={side.from} /> – <Instant at={side.to} />
                      </span>
                    )}
                  </th>
                  <td>{side === null ? '–' : count(side.requests)}</td>
                  <td>{metric('failure_rate', side?.failure_rate ?? null)}</td>
                  <td>{ms(side?.p95_latency_ms ?? null)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollBox>
    </Panel>
  );
}
