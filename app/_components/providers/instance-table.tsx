'use client';

import { useTranslations } from 'next-intl';
import { Fragment, type ReactNode } from 'react';
import type { InstanceView, Snapshot } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';
import { Ago } from '../ui/ago';
import { Badge } from '../ui/badge';
import { Empty } from '../ui/empty';
import { Panel } from '../ui/panel';

const columns = ['kind', 'seen', 'version', 'spool', 'skew'] as const;

/** Every process that routes or watches: which version it goes by, and what it still holds. */
export function InstanceTable({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('instances');
  if (snapshot.instances.length === 0) return <Empty title={t('none')}>{t('noneHint')}</Empty>;
  return (
    <Panel title={t('title')}>
      <table className="w-full text-sm max-md:block">
        <thead className="max-md:hidden">
          <tr className="border-b text-left text-muted text-xs [&>th]:py-1 [&>th]:pr-3 [&>th]:font-normal">
            <th scope="col">{t('id')}</th>
            {columns.map((name) => (
              <th key={name} scope="col">
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-md:block">
          {snapshot.instances.map((instance) => (
            <InstanceRow key={instance.id} instance={instance} version={snapshot.version} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

interface InstanceRowProps {
  readonly instance: InstanceView;
  /** Of the weights that are to be routed by. */
  readonly version: number;
}

/** On a phone each value stands beside its name. */
function InstanceRow({ instance, version }: InstanceRowProps) {
  const t = useTranslations('instances');
  const { count, ms } = useFormats();
  const isBehind = instance.kind === 'web' && instance.alive && (instance.version ?? 0) !== version;
  const cells: Record<(typeof columns)[number], ReactNode> = {
    kind: t(`kinds.${instance.kind}`),
    seen: instance.alive ? (
      <Ago at={instance.seen_at} />
    ) : (
      <Badge tone="caution" icon="alert">
        {t('gone')}
      </Badge>
    ),
    version: (
      <>
        {instance.version ?? '–'}
        {isBehind && <span className="ml-1 text-caution text-xs">{t('behind')}</span>}
      </>
    ),
    spool: count(instance.spool_depth),
    skew: ms(instance.clock_skew_ms),
  };
  return (
    <tr className="border-b last:border-b-0 max-md:grid max-md:grid-cols-[8rem_1fr] max-md:items-baseline max-md:py-1.5 md:[&>*]:py-1.5 md:[&>*]:pr-3">
      <th
        scope="row"
        className="text-left font-mono font-normal text-xs max-md:col-span-2 max-md:break-all md:max-w-56 md:truncate"
      >
        {instance.id}
      </th>
      {columns.map((name) => (
        <Fragment key={name}>
          <td aria-hidden="true" className="text-muted text-xs md:hidden">
            {t(name)}
          </td>
          <td className="md:whitespace-nowrap">{cells[name]}</td>
        </Fragment>
      ))}
    </tr>
  );
}
