'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useJournalEntry } from '@/app/_queries/journal';
import { useIncidentHref } from '@/app/_queries/slugged';
import { useSplitPlace } from '@/app/_queries/split';
import type { AlertView } from '@/lib/api/alerts';
import { readEvidence } from '@/lib/api/evidence';
import type { Snapshot } from '@/lib/api/snapshot';
import { AcknowledgeButton } from '../actions/acknowledge-button';
import { ReasonButton } from '../actions/reason-button';
import { useFormats } from '../format/use-formats';
import { RollbackReason } from '../journal/rollback-reason';
import { areSeveral } from '../state/candidates';
import { useStageName } from '../state/use-stage-name';
import { Banner } from '../ui/banner';
import { Instant } from '../ui/instant';

interface RolledBackBannerProps {
  readonly snapshot: Snapshot;
  readonly alert: AlertView | null;
  /** Its next step is to re-arm, and stands there. */
  readonly isOverview: boolean;
}

/** Who took it back and why, with the numbers; stays until acknowledged, and until re-armed. */
export function RolledBackBanner({ snapshot, alert, isOverview }: RolledBackBannerProps) {
  const t = useTranslations('banner');
  const stageName = useStageName();
  const { percent } = useFormats();
  const { latched } = snapshot;
  const journalId = latched?.journal_id ?? alert?.journal_id ?? null;
  const entry = useJournalEntry(journalId).data;
  const place = useSplitPlace();
  const incident = useIncidentHref(entry?.flag_key, entry?.seq);
  // The watchdog's own sentence says in English what the numbers below say in the reader's language.
  const explained = entry !== undefined && readEvidence(entry.evidence).decisive !== null;
  const by = latched?.by ?? entry?.actor ?? '';
  const auto = by.startsWith('watchdog');
  const alone = latched === null && areSeveral(snapshot) && alert ? armsOf(alert) : null;
  const ended = snapshot.story.attempts.findLast((attempt) => attempt.ended?.journal_id === journalId)?.ended;
  const from = ended ? t('from', { stage: stageName(ended.stage ?? 'custom'), share: percent(ended.share) }) : '';
  const at = latched?.at ?? alert?.at ?? null;
  return (
    <Banner
      tone="breach"
      icon="back"
      title={
        alone === null ? t(auto ? 'rolledBackAuto' : 'rolledBack', { by, from }) : t('armsRolledBack', { arms: alone })
      }
      actions={
        <>
          {alert && <AcknowledgeButton id={alert.id} />}
          {latched && !isOverview && (
            <ReasonButton verb="rearm" snapshot={snapshot}>
              {t('rearm')}
            </ReasonButton>
          )}
        </>
      }
    >
      {at && <Instant at={at} utc="beside" />}
      {latched?.reason && !explained && <> · “{latched.reason}”</>}
      {entry && <RollbackReason entry={entry} brief />}
      {journalId !== null && !explained && ' · '}
      {journalId !== null && (
        <Link
          href={incident ?? place.href(`/journal/${journalId}`)}
          className="font-medium underline underline-offset-2"
        >
          {t('explain')}
        </Link>
      )}
    </Banner>
  );
}

/** Only the watchdog alerts of a rollback; of arms whose split goes on it names them. */
function armsOf({ params }: AlertView): string | null {
  return Array.isArray(params.arms) && params.arms.length > 0 ? params.arms.join(', ') : null;
}
