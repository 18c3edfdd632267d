'use client';

import { useTranslations } from 'next-intl';
import { useIncident } from '@/app/_queries/log/incident';
import { readEvidence } from '@/lib/api/evidence';
import { incidentMarkdown } from '@/lib/api/incident-markdown';
import { EvidenceTable } from '../journal/evidence-table';
import { JournalTable } from '../journal/journal-table';
import { RollbackReason } from '../journal/rollback-reason';
import { CopyButton } from '../ui/copy/copy-button';
import { Empty } from '../ui/empty';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { SplitLink } from '../ui/split-link';
import { HarmPanel } from './harm-panel';
import { IncidentCharts } from './incident-charts';
import { IncidentFailures } from './incident-failures';
import { IncidentTimes } from './incident-times';
import { NextSteps } from './next-steps';
import { RecoveryPanel } from './recovery-panel';

/** One rollback, read afterwards: why, whom it hurt, what was changed before, and how to go on. */
export function IncidentPage({ seq }: { readonly seq: number }) {
  const t = useTranslations('incident');
  const { data: view, error } = useIncident(seq);
  if (view === undefined) {
    return (
      <div className="grid grid-cols-1 gap-3">
        <h1 className="font-semibold text-xl">{t('title', { seq })}</h1>
        {error ? <ProblemNote problem={error} /> : <Skeleton className="h-96" />}
      </div>
    );
  }
  const { entry, arms, automatic } = view;
  const evidence = readEvidence(entry.evidence);
  return (
    <div className="grid grid-cols-1 gap-3">
      <SplitLink
        href={`/journal/${entry.id}`}
        className="justify-self-start text-link text-sm underline underline-offset-2"
      >
        {t('entry')}
      </SplitLink>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="font-semibold text-xl">{t('heading', { arms: arms.join(', ') })}</h1>
        <span className="text-muted text-sm">
          {automatic ? t('byWatchdog') : t('by', { who: entry.actor })} · <Instant at={entry.at} utc="beside" />
        </span>
        <CopyButton text={() => incidentMarkdown(view, window.location.href)} label={t('copyMarkdown')} />
      </div>
      {error && <ProblemNote problem={error} />}
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
        <div className="grid min-w-0 gap-3">
          <Panel title={t('why')}>
            {evidence.decisive ? (
              <RollbackReason entry={entry} />
            ) : (
              <p className="text-sm">{entry.reason ? `“${entry.reason}”` : t('noReason')}</p>
            )}
          </Panel>
          <IncidentTimes view={view} />
        </div>
        <div className="grid min-w-0 gap-3">
          <NextSteps view={view} />
          <HarmPanel view={view} />
        </div>
      </div>
      <IncidentFailures view={view} />
      <IncidentCharts view={view} lines={evidence.lines} />
      {evidence.lines.length > 0 && (
        <Panel title={t('numbers')}>
          <EvidenceTable lines={evidence.lines} />
        </Panel>
      )}
      <RecoveryPanel view={view} />
      <section aria-label={t('before')} className="grid min-w-0 gap-1.5">
        <h2 className="font-semibold text-sm">{t('before')}</h2>
        {view.before.length > 0 ? <JournalTable entries={view.before} /> : <Empty title={t('nothingBefore')} />}
      </section>
    </div>
  );
}
