'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useJournalEntry } from '@/app/_queries/journal';
import { useIncidentHref } from '@/app/_queries/slugged';
import { useSnapshot } from '@/app/_queries/snapshot';
import { readEvidence } from '@/lib/api/evidence';
import { verbTone } from '../state/journal';
import { useStageName } from '../state/use-stage-name';
import { Badge } from '../ui/badge';
import { CopyButton } from '../ui/copy/copy-button';
import { Facts } from '../ui/facts';
import { Instant } from '../ui/instant';
import { Panel } from '../ui/panel';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { SplitLink } from '../ui/split-link';
import { EvidenceTable } from './evidence-table';
import { FlagChange } from './flag-change';
import { ReasonText } from './reason-text';
import { RollbackReason } from './rollback-reason';
import { useVerbName } from './use-verb-name';

/** One row of the journal, at an address of its own: everything that is known about it. */
export function JournalDetail({ id }: { readonly id: number }) {
  const t = useTranslations('journal');
  const verbName = useVerbName();
  const stageName = useStageName();
  const { data: entry, error } = useJournalEntry(id);
  const baseline = useSnapshot()?.baseline ?? 'fal';
  const incident = useIncidentHref(entry?.flag_key, entry?.verb === 'rollback' ? entry.seq : undefined);
  if (error && !entry) {
    return (
      <div className="grid justify-items-start gap-3">
        <h1 className="font-semibold text-xl">{t('entry', { id })}</h1>
        <ProblemNote problem={error} />
        <SplitLink href="/journal" className="text-link text-sm underline underline-offset-2">
          {t('back')}
        </SplitLink>
      </div>
    );
  }
  if (!entry) return <Skeleton className="h-96" />;
  const evidence = readEvidence(entry.evidence);
  const named = (stage: string | null) => (stage === null ? '–' : stageName(stage));
  const facts = [
    [t('column.at'), <Instant key="at" at={entry.at} utc="beside" />],
    [t('column.actor'), `${entry.actor} (${entry.login})`],
    [t('column.reason'), <ReasonText key="reason" entry={entry} />],
    ...(entry.stage_from === null && entry.stage_to === null
      ? []
      : [[t('column.stage'), `${named(entry.stage_from)} → ${named(entry.stage_to)}`] as const]),
    [t('column.change'), <FlagChange key="change" entry={entry} baseline={baseline} />],
    [t('column.version'), `${entry.version_from ?? '–'} → ${entry.version}`],
    [t('column.policy'), entry.policy_version === null ? '–' : String(entry.policy_version)],
    [
      t('column.flag'),
      <code key="flag" className="font-mono text-xs">
        {entry.flag_key}
      </code>,
    ],
    [
      t('column.hash'),
      <code key="hash" className="break-all font-mono text-xs">
        {entry.hash}
      </code>,
    ],
  ] as const;
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <SplitLink href="/journal" className="text-link text-sm underline underline-offset-2">
          {t('back')}
        </SplitLink>
        <h1 className="flex items-center gap-2 font-semibold text-xl">
          {t('entry', { id: entry.id })}
          <Badge tone={verbTone(entry.verb)}>{verbName(entry.verb)}</Badge>
        </h1>
        <CopyButton text={() => window.location.href} label={t('copyLink')} />
        {incident !== null && (
          <Link href={incident} className="font-medium text-link text-sm underline underline-offset-2">
            {t('incident')}
          </Link>
        )}
      </div>
      {evidence.decisive && (
        <Panel title={t('why')}>
          <RollbackReason entry={entry} />
        </Panel>
      )}
      <Panel title={t('facts')}>
        <Facts facts={facts} />
      </Panel>
      {evidence.lines.length > 0 && (
        <Panel title={t('numbers')}>
          <EvidenceTable lines={evidence.lines} />
        </Panel>
      )}
      {evidence.blockers.length > 0 && (
        <Panel title={t('inTheWay')}>
          <ul className="list-disc pl-5 text-sm">
            {evidence.blockers.map((blocker) => (
              <li key={blocker}>{blocker}</li>
            ))}
          </ul>
        </Panel>
      )}
      <details className="rounded-panel border bg-surface p-4">
        <summary className="min-h-7 text-sm">{t('raw')}</summary>
        <pre className="mt-2 overflow-x-auto font-mono text-xs">{JSON.stringify(entry, null, 2)}</pre>
      </details>
    </div>
  );
}
