import type { RolloutFacts } from '../diagnosis';
import { type Finding, ok, problem } from './finding';

const how = 'read sluice.outbox';

export function checkOutbox({ outbox: { alerts, jobs } }: RolloutFacts): readonly Finding[] {
  return [checkAlerts(alerts), checkJobs(jobs)];
}

function checkAlerts({ waiting, dead, lastError }: RolloutFacts['outbox']['alerts']): Finding {
  if (dead === 0) return ok('alerts', `${waiting} notifications wait, none was given up`, how);
  const what = `${dead} notifications were given up${lastError ? `: ${lastError}` : ''}`;
  const fix = 'npm run sluice -- alerts list, then alerts test ID; replace the channel that fails';
  return problem('alerts', what, how, fix);
}

/** A receiver is its caller's to mend. */
function checkJobs({ waiting, dead, lastError }: RolloutFacts['outbox']['jobs']): Finding {
  if (dead === 0) return ok('webhooks', `${waiting} ends of jobs wait to be told, none was given up in a day`, how);
  const messages = dead === 1 ? '1 message to the callers of jobs was' : `${dead} messages to the callers of jobs were`;
  const what = `${messages} given up within a day${lastError ? `: ${lastError}` : ''}`;
  const fix = 'tell the caller that its receiver fails (npm run sluice -- jobs show ID), then jobs retell ID';
  return problem('webhooks', what, how, fix);
}
