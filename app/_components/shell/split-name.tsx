'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useSplitPlace } from '@/app/_queries/split';
import { useIsList, useLiveSplits } from '@/app/_queries/splits';

/** Which split the page is about, and the way to the others. Where the address names it, it stands at once. */
export function SplitName() {
  const t = useTranslations('splits');
  const { slug } = useSplitPlace();
  const splits = useLiveSplits();
  const isList = useIsList();
  if (isList || (slug === null && splits.length < 2)) return null;
  const shown = slug ?? 'gen';
  return (
    <p className="flex min-w-0 items-baseline gap-1.5 text-sm">
      <Link href="/splits" className="text-link underline underline-offset-2">
        {t('title')}
      </Link>
      <span aria-hidden="true" className="text-muted">
        /
      </span>
      <span className="truncate font-medium">{splits.find((split) => split.slug === shown)?.label ?? shown}</span>
    </p>
  );
}
