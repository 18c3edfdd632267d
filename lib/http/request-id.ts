import { randomUUID } from 'node:crypto';

const sane = /^[\w.:-]{8,64}$/;

/** The caller's own id when it is fit for a log line, else a new one. */
export function requestIdOf(inbound: string | null | undefined): string {
  return inbound && sane.test(inbound) ? inbound : newId();
}

const latest = { ms: 0, start: '' };

/** A UUID of version 7: ids of one time stand together in the log's index, which then grows at its end only. */
function newId(): string {
  const ms = Date.now();
  if (ms !== latest.ms) {
    const hex = ms.toString(16).padStart(12, '0');
    latest.ms = ms;
    latest.start = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
  }
  return latest.start + randomUUID().slice(15);
}
