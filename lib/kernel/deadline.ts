import type { Deadline } from '@/lib/gateway/providers/provider';

/** What ends a call at its deadline, or early when the process must end; `clear` as soon as the call is over. */
export interface RunningDeadline {
  readonly signal: Deadline;
  clear(): void;
  cut(): void;
}

export type StartDeadline = (ms: number) => RunningDeadline;
