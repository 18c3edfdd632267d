import { type Bucket, binEnd, gridSeconds, type JobsOfBucket } from './bucket';
import { type LatencyBin, mergeBins, quantileOfBins } from './quantile';

/**
 * Running totals of jobs. What becomes of one is asked when it is as old as it may get, and stands at that instant: the
 * window (t - w, t] holds the jobs that began in (t - w - age, t - age], those that never ended among them. Counted as
 * they end, quick ends would come before slow ones and every change of traffic would look like a change of the rate.
 */
export interface JobTotals {
  /** Jobs that are old enough, without those that their callers cancelled. */
  readonly judged: Float64Array;
  /** Those of them that ended by themselves before they were so old. */
  readonly inTime: Float64Array;
  /** Those of them that have ended by now, and those that failed. */
  readonly ended: Float64Array;
  readonly endFailures: Float64Array;
  /** All jobs when they began, and those that have failed by now: what fails at once is known at once. */
  readonly begun: Float64Array;
  readonly failedYet: Float64Array;
}

export const jobColumns = [
  'judged',
  'inTime',
  'ended',
  'endFailures',
  'begun',
  'failedYet',
] as const satisfies readonly (keyof JobTotals)[];

type Arm = 'candidate' | 'baseline';

export interface JobHistory extends Readonly<Record<Arm, JobTotals>> {
  /** How old a job is when it is judged: what the line allows it. */
  readonly ageMs: number;
  /** How long those took that ended by themselves, of the jobs judged in a span (from, to]. */
  readonly took: (role: Arm, from: number, to: number) => readonly LatencyBin[];
}

/** In grid steps: in no bucket is a job judged before it is as old as it may get. */
export const jobAgeSteps = (ageMs: number): number => Math.ceil(ageMs / (gridSeconds * 1000));

/** Counts the jobs that began at an index: there, and where they are judged. */
export function addJobs(
  totals: JobTotals,
  jobs: JobsOfBucket,
  began: number,
  ageMs: number,
  put: (column: Float64Array, index: number, amount: number) => void,
): void {
  const old = began + jobAgeSteps(ageMs);
  const kept = jobs.begun - jobs.cancelled;
  put(totals.begun, began, kept);
  put(totals.failedYet, began, jobs.failed);
  put(totals.judged, old, kept);
  put(totals.inTime, old, jobsWithin(jobs, ageMs));
  put(totals.ended, old, jobs.done + jobs.failed);
  put(totals.endFailures, old, jobs.failed);
}

function jobsWithin({ took }: JobsOfBucket, ageMs: number): number {
  let within = 0;
  for (const [edge, count] of took) if (edge < ageMs) within += count;
  return within;
}

/** `bucketsOf`: those of a role whose jobs began in (from, to]. */
export function jobHistoryOf(
  ageMs: number,
  { candidate, baseline }: Readonly<Record<Arm, JobTotals | null>>,
  bucketsOf: (role: Arm, from: number, to: number) => readonly Bucket[],
): JobHistory | undefined {
  if (candidate === null || baseline === null) return undefined;
  const age = jobAgeSteps(ageMs);
  return { ageMs, candidate, baseline, took: (role, from, to) => tookOf(bucketsOf(role, from - age, to - age)) };
}

function tookOf(buckets: readonly Bucket[]): readonly LatencyBin[] {
  return jobsTogether(buckets).took.map(([edge, count]) => [edge, binEnd(edge), count]);
}

export const jobsTogether = (buckets: readonly Bucket[]): JobsOfBucket =>
  addJobBags(buckets.flatMap(({ jobs }) => (jobs === undefined ? [] : [jobs])));

export function addJobBags(all: readonly JobsOfBucket[]): JobsOfBucket {
  const sum = (of: (jobs: JobsOfBucket) => number) => all.reduce((total, jobs) => total + of(jobs), 0);
  return {
    begun: sum(({ begun }) => begun),
    done: sum(({ done }) => done),
    failed: sum(({ failed }) => failed),
    cancelled: sum(({ cancelled }) => cancelled),
    took: mergeBins(all.map(({ took }) => took)),
  };
}

/** A quantile of how long jobs take; null where it lies among those that have not ended. */
export function timeToDone({ begun, cancelled, took }: JobsOfBucket, share: number): number | null {
  const ended = took.reduce((sum, [, count]) => sum + count, 0);
  const rank = share * (Math.max(ended, begun - cancelled) - 1);
  return ended === 0 || Math.ceil(rank) >= ended ? null : quantileOfBins(took, ended === 1 ? 0 : rank / (ended - 1));
}
