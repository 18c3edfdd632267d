import type { RolloutFacts } from '../diagnosis';
import { type Finding, ok, problem } from './finding';

export function checkOutbox({ outbox }: RolloutFacts): Finding {
  const how = 'read sluice.outbox';
  if (outbox.dead === 0) return ok('alerts', `${outbox.waiting} notifications wait, none was given up`, how);
  const what = `${outbox.dead} notifications were given up${outbox.lastError ? `: ${outbox.lastError}` : ''}`;
  return problem(
    'alerts',
    what,
    how,
    'npm run sluice -- alerts list, then alerts test ID; replace the channel that fails',
  );
}
