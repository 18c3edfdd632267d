import type { Control } from '@/lib/control/control';
import { readRolloutNow } from '@/lib/control/rollout/read-rollout-now';
import { warnWhenItActs } from '@/lib/control/verbs/warn-of-policy';
import { Refusal } from '@/lib/kernel/refusal';
import { readPolicyValue } from '@/lib/split/policy/read-policy';
import { firstSplit } from '@/lib/split/split-key';
import type { Change } from './change';
import type { StoredState } from './read-state';

/** What changed policies would do to rollouts under way, each in a sentence: a saved policy judges at once. */
export async function policyWarnings(
  changes: readonly Change[],
  { withWeights, policyVersions, slugs }: StoredState,
  controlOf: (key: string) => Control,
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const { row } of changes) {
    const [key = ''] = row.id;
    const judges = policyVersions.has(key) || key === firstSplit;
    if (row.of !== 'policy' || !withWeights.has(key) || !judges) continue;
    const reading = readPolicyValue(row.values);
    if (!reading.ok) continue;
    const control = controlOf(key);
    try {
      await warnWhenItActs(control, await readRolloutNow(control), reading.policy);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'confirmation-needed') throw error;
      warnings.push(`${slugs.get(key) ?? key}: ${error.message.replace(/ Confirm to save it\.$/, '')}`);
    }
  }
  return warnings;
}
