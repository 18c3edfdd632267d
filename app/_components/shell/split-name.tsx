'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useSplitPlace } from '@/app/_queries/split';
import { useIsList, useLiveSplits } from '@/app/_queries/splits';

/** Which split the page is about, and the way to the others; nothing while there is only one. */
export function SplitName() {
  const t = useTranslations('splits');
  const { slug } = useSplitPlace();
  const splits = useLiveSplits();
  const isList = useIsList();
  if (splits.length < 2) return null;
  const open = splits.find((split) => split.slug === (slug ?? 'gen'));
  return (
    <Link
      href="/splits"
      title={t('title')}
      className="max-w-32 truncate rounded-control border px-2 py-1 text-sm hover:bg-sunken"
    >
      {isList || !open ? t('all', { n: splits.length }) : open.label}
    </Link>
  );
}
