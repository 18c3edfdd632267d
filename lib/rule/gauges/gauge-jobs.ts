import { type History, total } from '../buckets/history';
import type { JobHistory, JobTotals } from '../buckets/jobs';
import { atRankOf, type LatencyBin } from '../buckets/quantile';
import type { Gauge } from './gauge';
import { p95Rank, shareGauge, shareOfRows, sideOfLine } from './gauge-share';

type Arm = 'candidate' | 'baseline';

/** p95 ≥ L says that 5 % of the jobs took L or longer. */
const lineShare = 0.05;

/**
 * How long jobs take until they are done, by cohorts that are as old as the line allows. A job that has not ended then is
 * over it, whatever becomes of it: of jobs that never end nothing else would ever be counted. One that failed has ended,
 * and is judged for it by the line of failures.
 */
export function timeToDoneGauge(history: History, role: Arm, limitMs: number): Gauge {
  const jobs = jobsOf(history);
  const { judged, inTime } = jobs[role];
  const count = counter(history, judged);
  const late = (from: number, to: number) => Math.max(0, count(from, to) - total(history, inTime, from, to));
  const side: Gauge['side'] = (from, to) => {
    const n = count(from, to);
    if (n === 0) return 'unmeasured';
    // Between a job in time and one that is late there is no time to interpolate: it may never end.
    return sideOfLine(n, late(from, to)) === 'over' ? 'over' : 'under';
  };
  return {
    ...shareOfRows({ hits: late, count, traffic: trafficOf(history, role) }, lineShare),
    side,
    limit: () => limitMs,
    value: (from, to) => {
      const n = count(from, to);
      const estimate = n === 0 ? null : p95Of(jobs.took(role, from, to), n, limitMs);
      if (estimate === null) return null;
      return side(from, to) === 'over' ? Math.max(estimate, limitMs) : Math.min(estimate, limitMs * 0.9999);
    },
  };
}

/** Of jobs that have not ended it is only known that they take at least as long as the line allows. */
function p95Of(took: readonly LatencyBin[], jobs: number, limitMs: number): number | null {
  const ended = took.reduce((sum, [, , count]) => sum + count, 0);
  const longest = Math.max(limitMs, ...took.map(([, high]) => high));
  const unended: readonly LatencyBin[] = jobs > ended ? [[longest, longest, jobs - ended]] : [];
  return atRankOf([...took, ...unended], p95Rank);
}

/** Of the jobs that are old enough and have ended, those that failed. */
export function endFailureGauge(history: History, role: Arm, limit: number): Gauge {
  const { endFailures, ended } = jobsOf(history)[role];
  return shareGauge(history, endFailures, ended, history[role].requests, limit);
}

/**
 * Of all jobs, those that have failed by now: never more than will have failed in the end, and known of jobs that fail at
 * once long before the others are old.
 */
export function earlyFailureGauge(history: History, role: Arm, limit: number): Gauge {
  const { failedYet, begun } = jobsOf(history)[role];
  const count = counter(history, begun);
  const hits = (from: number, to: number) => Math.min(count(from, to), total(history, failedYet, from, to));
  return shareOfRows({ hits, count, traffic: trafficOf(history, role) }, limit);
}

/** Where a job is counted a moment before it was accepted there can be fewer than none for that moment. */
const counter = (history: History, column: JobTotals[keyof JobTotals]) => (from: number, to: number) =>
  Math.max(0, total(history, column, from, to));

const trafficOf = (history: History, role: Arm) => (from: number, to: number) =>
  total(history, history[role].requests, from, to);

function jobsOf({ jobs }: History): JobHistory {
  if (jobs === undefined) throw new Error('A line of jobs is judged by a history that counts none.');
  return jobs;
}
