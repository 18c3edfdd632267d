/** The states of a job, the same as in `sluice.job_may_step`. */

export const jobStates = [
  'attempting',
  'accepted',
  'running',
  'unknown',
  'completed',
  'failed',
  'cancelled',
  'expired',
  'refused',
  'unknown_final',
] as const;

export type JobState = (typeof jobStates)[number];

const steps: Readonly<Record<JobState, readonly JobState[]>> = {
  /** The row is there, and the provider may have been called. */
  attempting: ['accepted', 'refused', 'unknown'],
  accepted: ['running', 'completed', 'failed', 'cancelled', 'expired'],
  running: ['completed', 'failed', 'cancelled', 'expired'],
  /** Sent, and no answer came: it is found by reading, or never. It is not sent again. */
  unknown: ['accepted', 'unknown_final'],
  completed: [],
  failed: [],
  cancelled: [],
  /** It did not end within its provider's age limit. */
  expired: [],
  /** It surely was not begun. */
  refused: [],
  unknown_final: [],
};

export const mayStep = (from: JobState, to: JobState): boolean => steps[from].includes(to);

export const isEnd = (state: JobState): boolean => steps[state].length === 0;
