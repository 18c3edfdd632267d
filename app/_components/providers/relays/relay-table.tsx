'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useProviders } from '@/app/_queries/registry/providers';
import { useSplits } from '@/app/_queries/splits';
import type { ProviderEntryView, SplitItem } from '@/lib/api/splits-view';
import { Badge } from '../../ui/badge';
import { Panel } from '../../ui/panel';
import { ScrollBox } from '../../ui/scroll-box';
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
      <ScrollBox label={t('title')}>
        <table className="w-full min-w-136 text-sm">
          <thead>
            <tr className="border-b text-left text-muted text-xs [&>th]:py-1 [&>th]:pr-3 [&>th]:font-normal">
              <th scope="col">{t('provider')}</th>
              <th scope="col">{t('dialect')}</th>
              <th scope="col">{t('address')}</th>
              <th scope="col">{t('arms')}</th>
            </tr>
          </thead>
          <tbody>
            {relays.map((relay) => (
              <RelayRow key={relay.name} relay={relay} splits={splits} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
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
    <tr className="border-b align-top last:border-b-0 [&>td]:py-1.5 [&>td]:pr-3">
      <th scope="row" className="py-1.5 pr-3 text-left font-medium">
        {label} <span className="font-mono font-normal text-muted text-xs">{name}</span>
        {state !== 'active' && (
          <Badge tone="caution" icon="alert">
            {t(state)}
          </Badge>
        )}
      </th>
      <td className="font-mono text-xs">{textOf(options.dialect) || 'generic'}</td>
      <td className="break-all font-mono text-xs">{`${url ?? '–'}${textOf(options.path_prefix)}`}</td>
      <td>
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
      </td>
    </tr>
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
