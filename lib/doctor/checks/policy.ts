import type { RolloutFacts } from '../diagnosis';
import { type Finding, ok, problem } from './finding';

export function checkPolicy({ policyFault }: RolloutFacts): Finding {
  const how = 'read GEN_ROLLOUT_POLICY as the watchdog does';
  if (policyFault === null) return ok('policy', 'the policy is valid', how);
  const fix = 'correct the row, or delete it to return to the default policy';
  return problem('policy', `the policy is invalid: ${policyFault}`, how, fix);
}
