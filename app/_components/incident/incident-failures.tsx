'use client';

import { useTranslations } from 'next-intl';
import type { IncidentFailure, IncidentView } from '@/lib/api/incident-view';
import { useFormats } from '../format/use-formats';
import { VendorSaid } from '../format/vendor-said';
import { StackedCell, stackedRow } from '../lists/stacked-cell';
import { StackedTable } from '../lists/stacked-table';
import { RequestLink, RequestsLink } from '../requests/request-link';
import { shortId } from '../requests/short-id';
import { ArmMark } from '../ui/arm-mark';

const columns = ['kind', 'model', 'arm', 'requests', 'rescued', 'newest'] as const;
const numeric: readonly string[] = ['requests', 'rescued'];

/** What failed, by kind and model. */
export function IncidentFailures({ view }: { readonly view: IncidentView }) {
  const t = useTranslations('incident');
  if (view.failures.length === 0) return null;
  return (
    <section aria-label={t('failures')} className="grid min-w-0 gap-1.5">
      <h2 className="font-semibold text-sm">{t('failures')}</h2>
      <StackedTable
        caption={t('failures')}
        columns={columns.map((name) => ({ name: t(`column.${name}`), isNumeric: numeric.includes(name) }))}
      >
        {view.failures.map((failure) => (
          <FailureRow key={`${failure.arm} ${failure.kind} ${failure.model}`} failure={failure} view={view} />
        ))}
      </StackedTable>
    </section>
  );
}

function FailureRow({ failure, view }: { readonly failure: IncidentFailure; readonly view: IncidentView }) {
  const t = useTranslations('incident');
  const { count } = useFormats();
  const { kind, model, arm, requests, rescued, example } = failure;
  const filter = { ...view.harm.counted, kind, model: model ?? '', arm: arm ?? '' };
  return (
    <tr className={stackedRow}>
      <StackedCell name={t('column.kind')}>
        <RequestsLink filter={filter}>
          <code className="break-all font-mono text-xs">{kind}</code>
        </RequestsLink>
      </StackedCell>
      <StackedCell name={t('column.model')} isEmpty={model === null}>
        <span className="break-all">{model ?? '–'}</span>
      </StackedCell>
      <StackedCell name={t('column.arm')}>
        <ArmMark arm={arm ?? ''} />
        {arm ?? '–'}
      </StackedCell>
      <StackedCell name={t('column.requests')} numeric>
        {count(requests)}
      </StackedCell>
      <StackedCell name={t('column.rescued')} numeric>
        {count(rescued)}
      </StackedCell>
      <StackedCell name={t('column.newest')} isEmpty={example === null}>
        {example !== null && (
          <>
            <RequestLink id={example.request_id} at={example.at}>
              <code className="font-mono text-xs">{shortId(example.request_id)}</code>
            </RequestLink>
            {example.error !== null && (
              <span className="line-clamp-2 max-w-96 break-words text-muted text-xs">
                <VendorSaid text={example.error} />
              </span>
            )}
          </>
        )}
      </StackedCell>
    </tr>
  );
}
