import { storeFault } from '@/lib/kernel/store-fault';

/** What to say when nobody answers; null when somebody did, and the fault is another. The password is never in it. */
export function awaySentence(error: unknown): string | null {
  const fault = storeFault(error);
  if (fault?.kind !== 'away') return null;
  return `the database of DATABASE_URL does not answer: it ${fault.saysMore}`;
}
