'use client';

import { useTranslations } from 'next-intl';
import type { RequestDetail } from '@/lib/api/requests-view';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';

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
              {/* biome-ignore lint/performance/noImgElement: it is not ours, and goes through nothing of ours */}
              <img
                src={url}
                alt={t('image', { n: at + 1, of: urls.length })}
                loading="lazy"
                decoding="async"
                referrerPolicy="no-referrer"
                className="size-full object-contain text-muted text-xs"
              />
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
