'use client';

import { useTranslations } from 'next-intl';
import { useInFlight } from '@/app/_queries/jobs';
import { useServerNowMs } from '@/app/_queries/server-now';
import type { Snapshot } from '@/lib/api/snapshot';
import { judgedBy } from '@/lib/split/policy/metrics';
import { Instant } from '../ui/instant';
import { ProblemNote } from '../ui/problem-note';
import { drainingOf } from './draining-of';

/** Rolled back, a split of jobs is not over: what runs at its candidates runs on there. */
export function DrainingLine({ snapshot }: { readonly snapshot: Snapshot }) {
  const isOfJobs = judgedBy({ redLines: snapshot.red_lines }) === 'job';
  return snapshot.latched && isOfJobs ? <Draining snapshot={snapshot} /> : null;
}

function Draining({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('jobs.inFlight');
  const { data, error } = useInFlight();
  const nowMs = useServerNowMs() ?? Date.parse(snapshot.now);
  if (data === undefined && error) return <ProblemNote problem={error} />;
  // Its place is kept until it is known: nothing below may move.
  if (data === undefined) return <p className="min-h-5 text-sm">{'\u00a0'}</p>;
  const { followed, blocked } = drainingOf(data.in_flight, snapshot.weights, nowMs);
  const said = ({ jobs, arms }: typeof followed) => ({ jobs, arms: arms.join(', ') });
  return (
    <p className="min-h-5 text-sm">
      {followed.jobs > 0 && t('followed', said(followed))}
      {followed.endsBy !== null && (
        <>
          {' '}
          {t('endsBy')} <Instant at={followed.endsBy} />
          {t('stop')}
        </>
      )}
      {blocked.jobs > 0 && ` ${t('notFollowed', said(blocked))}`}
      {followed.jobs + blocked.jobs === 0 && t('drained')}
    </p>
  );
}
