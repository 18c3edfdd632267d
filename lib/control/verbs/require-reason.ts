import { Refusal, says } from '@/lib/kernel/refusal';

/** Some acts are only as good as the sentence that explains them. */
export function requireReason(reason: string | null, what: string): string {
  const given = reason?.trim() ?? '';
  if (given === '')
    throw new Refusal('reason-missing', `${what} needs a reason; the journal keeps it.`, says('reason-missing'));
  return given;
}
