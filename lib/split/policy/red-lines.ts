import type { Judged, Metric } from './metrics';

/** `limit` for an absolute line, `timesBaseline` for one relative to the baseline's cost; exactly one is set. */
export interface RedLine {
  readonly metric: Metric;
  readonly limit: number | null;
  readonly timesBaseline: number | null;
  readonly windowSeconds: number;
  readonly holdSeconds: number;
  /** `rollback` takes the candidate back by itself; `signal` alerts and blocks advance, and clears by itself. */
  readonly action: 'rollback' | 'signal';
}

const minute = 60;
const hour = 3600;

type Told = Pick<RedLine, 'metric' | 'windowSeconds' | 'holdSeconds'> & Partial<RedLine>;
const line = (told: Told): RedLine => ({ limit: null, timesBaseline: null, action: 'rollback', ...told });

/** How long a job may take where its line does not say so. It must be set to the model: a long video takes longer. */
export const usualDoneLimitMs = 600_000;

/** The red lines of a policy that names none. */
export const usualLines: Readonly<Record<Judged, readonly RedLine[]>> = {
  image: [
    line({ metric: 'p95_latency_ms', limit: 8000, windowSeconds: 5 * minute, holdSeconds: 5 * minute }),
    line({ metric: 'failure_rate', limit: 0.02, windowSeconds: 5 * minute, holdSeconds: 5 * minute }),
    line({ metric: 'cost_per_image', timesBaseline: 1.2, windowSeconds: hour, holdSeconds: 10 * minute }),
    line({ metric: 'regenerate_voucher_rate', limit: 0.05, windowSeconds: hour, holdSeconds: 10 * minute }),
  ],
  job: [
    line({ metric: 'accept_failure_rate', limit: 0.02, windowSeconds: 5 * minute, holdSeconds: 5 * minute }),
    line({ metric: 'end_failure_rate', limit: 0.05, windowSeconds: 15 * minute, holdSeconds: 10 * minute }),
    line({
      ...{ metric: 'p95_time_to_done_ms', limit: usualDoneLimitMs },
      ...{ windowSeconds: 15 * minute, holdSeconds: 10 * minute },
    }),
    line({ metric: 'cost_per_unit', timesBaseline: 1.2, windowSeconds: hour, holdSeconds: 10 * minute }),
  ],
};
