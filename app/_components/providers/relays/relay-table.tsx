'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useProviders } from '@/app/_queries/registry/providers';
import { useSplits } from '@/app/_queries/splits';
import type { ProviderEntryView, SplitItem } from '@/lib/api/splits-view';
import { StackedCell, stackedRow } from '../../lists/stacked-cell';
import { StackedTable } from '../../lists/stacked-table';
import { Badge } from '../../ui/badge';
import { Panel } from '../../ui/panel';
import { ShapeCheck } from './shape-check';

/** Whole APIs that are sent on: under which prefix, in which dialect, and where they lead. Nothing where there are none. */
export function RelayTable() {
  const t = useTranslations('relays');
  const relays = (useProviders().data?.providers ?? []).filter(({ adapter }) => adapter === 'relay');
  const splits = useSplits().data?.splits ?? [];
  if (relays.length === 0) return null;
  const slugs = splits.flatMap(({ slug, kind, archived_at }) => (kind === 'relay' && archived_at === null ? slug : []));
  return (
    <Panel title={t('title')}>
      <StackedTable
        caption={t('title')}
        columns={(['provider', 'dialect', 'address', 'arms'] as const).map((name) => ({ name: t(name) }))}
        isFramed
      >
        {relays.map((relay) => (
          <RelayRow key={relay.name} relay={relay} splits={splits} />
        ))}
      </StackedTable>
      {slugs.map((slug) => (
        <ShapeCheck key={slug} slug={slug} />
      ))}
    </Panel>
  );
}

function RelayRow({ relay, splits }: { readonly relay: ProviderEntryView; readonly splits: readonly SplitItem[] }) {
  const t = useTranslations('relays');
  const { name, label, base_url: url, options, state, arms } = relay;
  return (
    <tr className={stackedRow}>
      <th scope="row" className="text-left font-medium max-md:col-span-2 md:px-3 md:py-2">
        {label} <span className="font-mono font-normal text-muted text-xs">{name}</span>
        {state !== 'active' && (
          <Badge tone="caution" icon="alert">
            {t(state)}
          </Badge>
        )}
      </th>
      <StackedCell name={t('dialect')}>
        <code className="text-xs">{textOf(options.dialect) || 'generic'}</code>
      </StackedCell>
      <StackedCell name={t('address')}>
        <code className="break-all text-xs">{`${url ?? '–'}${textOf(options.path_prefix)}`}</code>
      </StackedCell>
      <StackedCell name={t('arms')}>
        {arms.length === 0 && t('none')}
        {arms.map((arm) => {
          const prefixes = splits.find(({ slug }) => slug === arm.split)?.prefixes ?? [];
          return (
            <span key={`${arm.split} ${arm.name}`} className="block">
              <Link href={`/s/${arm.split}`} className="text-link underline underline-offset-2">
                {t('arm', { arm: arm.name, split: arm.split })}
              </Link>{' '}
              <span className="font-mono text-muted text-xs">{prefixes.join(' ')}</span>
            </span>
          );
        })}
      </StackedCell>
    </tr>
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
