'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { ApiProblem } from '@/app/_queries/api';
import { Said } from '../format/said';
import { Icon } from '../ui/icon';

const kinds: Readonly<Record<string, 'store' | 'server' | 'missing'>> = {
  'store-unavailable': 'store',
  network: 'server',
  'unknown-split': 'missing',
};

/** Nothing has ever come: what is not known, why, what goes on without it, and what to do. */
export function AwayPage({ error }: { readonly error: Error }) {
  const t = useTranslations('away');
  const kind = (error instanceof ApiProblem ? kinds[error.code] : undefined) ?? 'other';
  const advice = kind === 'store' ? 'store' : 'other';
  return (
    <section className="grid max-w-prose gap-3 rounded-panel border border-caution bg-surface p-6">
      <h1 className="flex items-start gap-2 font-semibold text-xl">
        <Icon name="alert" className="mt-1 size-5 text-caution" />
        {t(`title.${kind}`)}
      </h1>
      <p className="rounded-control bg-sunken px-3 py-2 text-sm">
        <Said text={error.message} />
      </p>
      {kind === 'missing' ? (
        <p className="text-sm">
          <Link href="/splits" className="text-link underline underline-offset-2">
            {t('allSplits')}
          </Link>
        </p>
      ) : (
        <>
          <p className="text-sm">{t(`goesOn.${advice}`)}</p>
          <p className="text-sm">{t(`todo.${advice}`)}</p>
          <pre className="whitespace-pre-wrap break-all rounded-control bg-sunken p-2 font-mono text-xs">
            {'npm run sluice -- doctor\nnpm run sluice -- rollback --yes'}
          </pre>
          <p role="status" className="text-muted text-xs">
            {t('asking')}
          </p>
        </>
      )}
    </section>
  );
}
