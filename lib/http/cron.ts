import { bearerOf, secretsEqual } from './constant-time';
import type { Incoming } from './message';
import { Problem } from './problem';
import type { WrongCredentials } from './wrong-credentials';

/** The scheduler's secret, in the header only; without one configured nobody is let in. */
export function requireCron(incoming: Incoming, secret: string | null, wrong: WrongCredentials): void {
  const given = bearerOf(incoming.header('authorization'));
  if (secret !== null && given !== null && secretsEqual(given, secret)) return;
  const refusal = new Problem(401, 'cron-secret', 'Send Authorization: Bearer $CRON_SECRET, as the watchdog has it.', {
    headers: { 'www-authenticate': 'Bearer realm="sluice-cron"' },
  });
  throw given === null ? refusal : wrong.refused(incoming, { door: 'cron', credential: given }, refusal);
}
