'use client';

import { useTranslations } from 'next-intl';
import { useInFlight } from '@/app/_queries/jobs';
import type { Snapshot } from '@/lib/api/snapshot';
import { judgedBy } from '@/lib/split/policy/metrics';

/** Rolled back, a split of jobs is not over: what runs at its candidates runs on there. */
export function DrainingLine({ snapshot }: { readonly snapshot: Snapshot }) {
  const isOfJobs = judgedBy({ redLines: snapshot.red_lines }) === 'job';
  return snapshot.latched && isOfJobs ? <Draining snapshot={snapshot} /> : null;
}

function Draining({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('jobs.inFlight');
  const { data } = useInFlight();
  const running = (data?.in_flight ?? []).filter(({ arm }) => (snapshot.weights[arm] ?? 0) === 0);
  const jobs = running.reduce((sum, each) => sum + each.jobs, 0);
  const arms = [...new Set(running.map(({ arm }) => arm))].join(', ');
  // Its place is kept until it is known: nothing below may move.
  if (data === undefined) return <p className="min-h-5 text-sm">{'\u00a0'}</p>;
  return <p className="min-h-5 text-sm">{jobs === 0 ? t('drained') : t('followed', { jobs, arms })}</p>;
}
