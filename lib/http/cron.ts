import { bearerOf, secretsEqual } from './constant-time';
import type { Incoming } from './message';
import { Problem } from './problem';

/** The scheduler's secret, in the header only; without one configured nobody is let in. */
export function requireCron(incoming: Incoming, secret: string | null): void {
  const given = bearerOf(incoming.header('authorization'));
  if (secret !== null && given !== null && secretsEqual(given, secret)) return;
  throw new Problem(401, 'cron-secret', 'Send Authorization: Bearer $CRON_SECRET, as the watchdog has it.', {
    headers: { 'www-authenticate': 'Bearer realm="sluice-cron"' },
  });
}
