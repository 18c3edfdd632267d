import { Problem } from '@/lib/http/problem';
import type { OverQuota } from '@/lib/jobs/over-quota';

/** Why no job was begun, and when one may be. */
export function quotaProblem(over: OverQuota): Problem {
  const { retry_after_s: seconds, needs: _, ...quota } = over.breach;
  const detail = `No job was begun: ${over.message}. Try again in ${seconds} s, or have the cap raised.`;
  const headers = { 'retry-after': String(seconds) };
  return new Problem(429, 'quota-reached', detail, { headers, members: { quota }, cause: over });
}
