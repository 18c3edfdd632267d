import type { WrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { bearerOf, secretsEqual } from '@/lib/kernel/constant-time';

/** The scheduler's secret, in the header only; without one configured every call is refused. */
export function requireCron(head: Head, secret: string | null, wrong: WrongCredentials): void {
  const given = bearerOf(head.header('authorization'));
  if (secret !== null && given !== null && secretsEqual(given, secret)) return;
  const refusal = new Problem(401, 'cron-secret', 'Send Authorization: Bearer $CRON_SECRET, as the watchdog has it.', {
    headers: { 'www-authenticate': 'Bearer realm="sluice-cron"' },
  });
  throw given === null ? refusal : wrong.refused(head, { door: 'cron', credential: given }, refusal);
}
