'use client';

import { useTranslations } from 'next-intl';
import type { MetricsView } from '@/lib/api/metrics-view';
import { useFormats } from '../format/use-formats';
import { VendorSaid } from '../format/vendor-said';
import { RequestLink, RequestsLink } from '../requests/request-link';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';
import { ScrollBox } from '../ui/scroll-box';

const linkLook = 'text-link text-sm underline underline-offset-2';

/** Failures by kind and provider, with examples as they came: hostile text is only text. */
export function FailureKinds({ view }: { readonly view: MetricsView }) {
  const t = useTranslations('failures');
  const { count } = useFormats();
  const rows = Object.entries(view.failures)
    .flatMap(([provider, kinds]) => Object.entries(kinds).map(([kind, n]) => ({ provider, kind, n })))
    .sort((a, b) => b.n - a.n);
  const most = rows[0]?.n ?? 1;
  return (
    <Panel
      title={t('title')}
      aside={
        <RequestsLink filter={{ outcome: 'failed', from: view.from, to: view.to }} className={linkLook}>
          {t('all')}
        </RequestsLink>
      }
    >
      {rows.length === 0 && <p className="text-muted text-sm">{t('none')}</p>}
      {rows.length > 0 && (
        <table className="w-full text-sm">
          <caption className="sr-only">{t('title')}</caption>
          <tbody>
            {rows.map(({ provider, kind, n }) => (
              <tr key={`${provider} ${kind}`} className="border-t first:border-t-0">
                <th scope="row" className="w-1/3 py-1 pr-3 text-left font-normal">
                  <RequestsLink filter={{ kind, arm: provider, from: view.from, to: view.to }}>
                    <code className="font-mono text-xs">{kind}</code>
                  </RequestsLink>
                </th>
                <td className="pr-3 text-muted text-xs">{provider}</td>
                <td className="w-1/3">
                  <div
                    aria-hidden="true"
                    className="h-2 rounded-full bg-line-strong"
                    style={{ width: `${(n / most) * 100}%` }}
                  />
                </td>
                <td className="pl-3 text-right">{count(n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {view.failure_examples.length > 0 && (
        <>
          <h3 className="mt-3 mb-1 text-muted text-xs">{t('examples')}</h3>
          <ScrollBox label={t('examples')} className="max-h-64 overflow-y-auto">
            <ul className="text-xs">
              {view.failure_examples.map((example) => (
                <li key={`${example.at} ${example.request_id} ${example.kind}`} className="border-t py-1.5">
                  <span className="text-muted">
                    <Instant at={example.at} /> · {example.provider} · {example.kind}
                    {example.request_id && (
                      <>
                        {' · '}
                        <RequestLink id={example.request_id} at={example.at} />
                      </>
                    )}
                  </span>
                  <span className="block">
                    <VendorSaid text={example.error} />
                  </span>
                </li>
              ))}
            </ul>
          </ScrollBox>
        </>
      )}
    </Panel>
  );
}
