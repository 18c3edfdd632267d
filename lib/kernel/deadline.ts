/** When a call must be over, whatever the peer does; an AbortSignal is one. */
export interface Deadline {
  readonly aborted: boolean;
  /** It came early, because this process ends. */
  readonly isCut?: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** What ends a call at its deadline, or early when the process must end; `clear` as soon as the call is over. */
export interface RunningDeadline {
  readonly signal: Deadline;
  clear(): void;
  cut(): void;
}

export type StartDeadline = (ms: number) => RunningDeadline;
