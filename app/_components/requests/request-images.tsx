'use client';

import { useTranslations } from 'next-intl';
import type { RequestDetail } from '@/lib/api/requests-view';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';
import { ProviderImage } from './provider-image';

/** What was made, from where its provider keeps it: only where an admin lets the log keep addresses, and while they live. */
export function RequestImages({ request }: { readonly request: RequestDetail }) {
  const t = useTranslations('requests');
  const { images, end } = request;
  const { urls, until, kept } = images;
  if (!end?.ok || request.job !== null) return null;
  return (
    <Panel title={t('imagesTitle')}>
      {urls.length > 0 && (
        <ul className="grid grid-cols-2 gap-2 sm:grid-cols-3">
          {urls.map((url, at) => (
            <li key={url} className="grid aspect-square place-items-center overflow-hidden rounded-control bg-sunken">
              <ProviderImage url={url} alt={t('image', { n: at + 1, of: urls.length })} />
            </li>
          ))}
        </ul>
      )}
      <p className="text-muted text-sm">
        {kept === 'yes' && until !== null && urls.length > 0
          ? t.rich('imagesUntil', { at: () => <Instant at={until} utc="beside" /> })
          : t(kept === 'expired' ? 'imagesExpired' : kept === 'yes' ? 'imagesInline' : 'imagesNotKept')}
      </p>
    </Panel>
  );
}
