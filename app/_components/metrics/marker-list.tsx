'use client';

import { useTranslations } from 'next-intl';
import type { MetricsView } from '@/lib/api/metrics-view';
import { useVerbName } from '../journal/use-verb-name';
import { useStageName } from '../state/use-stage-name';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';
import { SplitLink } from '../ui/split-link';

/** These leave the stage as it is. */
const standsStill: ReadonlySet<string> = new Set(['pause', 'resume']);

/** The dashed lines of every chart, as links for keyboards and phones. */
export function MarkerList({ markers }: { readonly markers: MetricsView['markers'] }) {
  const t = useTranslations('markers');
  const verbName = useVerbName();
  const stageName = useStageName();
  return (
    <Panel title={t('title')}>
      {markers.length === 0 && <p className="text-muted text-sm">{t('none')}</p>}
      <ul className="text-sm">
        {markers.toReversed().map((marker) => (
          <li key={marker.journal_id} className="border-t first:border-t-0">
            <SplitLink
              href={`/journal/${marker.journal_id}`}
              className="flex min-h-7 flex-wrap gap-x-2 py-1 hover:underline"
            >
              <span className="text-muted">
                <Instant at={marker.at} />
              </span>
              <span className={marker.kind === 'rollback' ? 'font-medium text-breach' : 'font-medium'}>
                {verbName(marker.kind)}
              </span>
              {!standsStill.has(marker.kind) && (
                <span>{marker.stage_to ? `→ ${stageName(marker.stage_to)}` : marker.label}</span>
              )}
            </SplitLink>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
