'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';
import { Ago } from '../ui/ago';
import { Badge } from '../ui/badge';
import { Empty } from '../ui/empty';
import { Panel } from '../ui/panel';
import { ScrollBox } from '../ui/scroll-box';

/** Every process that routes or watches: which version it goes by, and what it still holds. */
export function InstanceTable({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('instances');
  const { count, ms } = useFormats();
  if (snapshot.instances.length === 0) return <Empty title={t('none')}>{t('noneHint')}</Empty>;
  return (
    <Panel title={t('title')}>
      <ScrollBox label={t('title')}>
        <table className="w-full min-w-136 text-sm">
          <thead>
            <tr className="border-b text-left text-muted text-xs [&>th]:py-1 [&>th]:pr-3 [&>th]:font-normal">
              <th scope="col">{t('id')}</th>
              <th scope="col">{t('kind')}</th>
              <th scope="col">{t('seen')}</th>
              <th scope="col">{t('version')}</th>
              <th scope="col">{t('spool')}</th>
              <th scope="col">{t('skew')}</th>
            </tr>
          </thead>
          <tbody>
            {snapshot.instances.map((instance) => (
              <tr
                key={instance.id}
                className="border-b last:border-b-0 [&>td]:py-1.5 [&>td]:pr-3 [&>td]:whitespace-nowrap"
              >
                <th scope="row" className="max-w-56 truncate py-1.5 pr-3 text-left font-mono font-normal text-xs">
                  {instance.id}
                </th>
                <td>{t(`kinds.${instance.kind}`)}</td>
                <td>
                  {instance.alive ? (
                    <Ago at={instance.seen_at} />
                  ) : (
                    <Badge tone="caution" icon="alert">
                      {t('gone')}
                    </Badge>
                  )}
                </td>
                <td>
                  {instance.version ?? '–'}
                  {instance.kind === 'web' && instance.alive && (instance.version ?? 0) !== snapshot.version && (
                    <span className="ml-1 text-caution text-xs">{t('behind')}</span>
                  )}
                </td>
                <td>{count(instance.spool_depth)}</td>
                <td>{ms(instance.clock_skew_ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </Panel>
  );
}
