import type { ErrorKind } from './error-kind';
import type { JobSeen } from './job-calls';
import type { Fault } from './outcome';

type Unread = Extract<JobSeen, { kind: 'unread' }>;

/** A look that taught nothing. */
export function unread(errorKind: ErrorKind, message: string, retryAfterMs: number | null = null): Unread {
  return { kind: 'unread', errorKind, message, retryAfterMs };
}

export function unreadFault({ errorKind, message, retryAfterMs = null }: Fault): Unread {
  return unread(errorKind, message, retryAfterMs);
}
