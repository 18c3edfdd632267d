import { randomUUID } from 'node:crypto';

const sane = /^[\w.:-]{8,64}$/;

/** The caller's own id when it is fit for a log line, else a new one. */
export function requestIdOf(inbound: string | null | undefined): string {
  return inbound && sane.test(inbound) ? inbound : randomUUID();
}
