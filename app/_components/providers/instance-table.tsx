'use client';

import { useTranslations } from 'next-intl';
import type { InstanceView, Snapshot } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';
import { StackedCell, stackedRow } from '../lists/stacked-cell';
import { StackedTable } from '../lists/stacked-table';
import { Ago } from '../ui/ago';
import { Badge } from '../ui/badge';
import { Empty } from '../ui/empty';
import { Panel } from '../ui/panel';

/** Every process that routes or watches: which version it goes by, and what it still holds. */
export function InstanceTable({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('instances');
  if (snapshot.instances.length === 0) return <Empty title={t('none')}>{t('noneHint')}</Empty>;
  return (
    <Panel title={t('title')}>
      <StackedTable
        caption={t('title')}
        columns={(['id', 'kind', 'seen', 'version', 'spool', 'skew'] as const).map((name) => ({ name: t(name) }))}
        isFramed
      >
        {snapshot.instances.map((instance) => (
          <InstanceRow key={instance.id} instance={instance} version={snapshot.version} />
        ))}
      </StackedTable>
    </Panel>
  );
}

interface InstanceRowProps {
  readonly instance: InstanceView;
  /** Of the weights that are to be routed by. */
  readonly version: number;
}

function InstanceRow({ instance, version }: InstanceRowProps) {
  const t = useTranslations('instances');
  const { count, ms } = useFormats();
  const isBehind = instance.kind === 'web' && instance.alive && (instance.version ?? 0) !== version;
  return (
    <tr className={stackedRow}>
      <th
        scope="row"
        className="text-left font-mono font-normal text-xs max-md:col-span-2 max-md:break-all md:max-w-56 md:truncate md:px-3 md:py-2"
      >
        {instance.id}
      </th>
      <StackedCell name={t('kind')}>{t(`kinds.${instance.kind}`)}</StackedCell>
      <StackedCell name={t('seen')}>
        {instance.alive ? (
          <Ago at={instance.seen_at} />
        ) : (
          <Badge tone="caution" icon="alert">
            {t('gone')}
          </Badge>
        )}
      </StackedCell>
      <StackedCell name={t('version')}>
        {instance.version ?? '–'}
        {isBehind && <span className="ml-1 text-caution text-xs">{t('behind')}</span>}
      </StackedCell>
      <StackedCell name={t('spool')}>{count(instance.spool_depth)}</StackedCell>
      <StackedCell name={t('skew')}>{ms(instance.clock_skew_ms)}</StackedCell>
    </tr>
  );
}
