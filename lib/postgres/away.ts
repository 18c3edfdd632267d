import { isStoreAway } from '@/lib/kernel/store-away';
import { storeFault } from '@/lib/kernel/store-fault';

/** What to say when the database is away; null for every other fault. The password is never in it. */
export function awaySentence(error: unknown): string | null {
  if (!isStoreAway(error)) return null;
  return `the database of DATABASE_URL does not answer: it ${storeFault(error)?.saysMore ?? error.message}`;
}
