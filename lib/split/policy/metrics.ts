/** What a red line of images can be about, in the order in which it is shown, and how its figures are written. */
const imageUnits = {
  p95_latency_ms: 'ms',
  failure_rate: 'percent',
  cost_per_image: 'usd',
  regenerate_voucher_rate: 'percent',
} as const;

/** The same of jobs: whether they are accepted, how they end, how long that takes and what it costs. */
const jobUnits = {
  accept_failure_rate: 'percent',
  end_failure_rate: 'percent',
  p95_time_to_done_ms: 'ms',
  cost_per_unit: 'usd',
} as const;

export const units = { ...imageUnits, ...jobUnits } as const;

export type ImageMetric = keyof typeof imageUnits;
export type JobMetric = keyof typeof jobUnits;
export type Metric = keyof typeof units;

const names = <Name extends string>(of: Readonly<Record<Name, string>>) => Object.keys(of) as Name[];
export const imageMetrics = names<ImageMetric>(imageUnits);
export const jobMetrics = names<JobMetric>(jobUnits);
export const metrics = names<Metric>(units);

/** Which of the two a split's red lines are about: what answers within the call, whatever it is, is judged as images are. */
export type Judged = 'image' | 'job';
export const metricsOf = { image: imageMetrics, job: jobMetrics } as const satisfies Record<Judged, readonly Metric[]>;

export const isJobMetric = (metric: Metric): metric is JobMetric => metric in jobUnits;
export const isCost = (metric: Metric): boolean => units[metric] === 'usd';
/** A percentile of times is over its line when it is on it. */
export const isPercentile = (metric: Metric): boolean => units[metric] === 'ms';

/** `dialect` is what a relay's arms speak; only in `generic` nothing is a job. The same as `sluice.judged_as`. */
export function judgedAs(kind: string, dialect: string | null): Judged {
  return kind === 'job' || (kind === 'relay' && dialect !== null && dialect !== 'generic') ? 'job' : 'image';
}

/** By its lines: those of one policy are all of one kind. */
export function judgedBy(policy: { readonly redLines: readonly { readonly metric: Metric }[] }): Judged {
  return policy.redLines.some(({ metric }) => isJobMetric(metric)) ? 'job' : 'image';
}

/** What is counted where these lines judge: of a split of jobs it is what was ordered. */
export const countedBy = (policy: Parameters<typeof judgedBy>[0]): 'jobs' | 'requests' =>
  judgedBy(policy) === 'job' ? 'jobs' : 'requests';
