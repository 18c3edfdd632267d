import type { Written } from '@/lib/api/views';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { Refusal } from '@/lib/kernel/refusal';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import { type Judged, judgedBy } from '@/lib/split/policy/metrics';
import type { Policy } from '@/lib/split/policy/policy';
import { readPolicyValue, renameFault } from '@/lib/split/policy/read-policy';
import type { Control } from '../control';
import { readRolloutNow } from '../rollout/read-rollout-now';
import { settleWrite, staleVersion } from './settle-write';
import { warnWhenItActs } from './warn-of-policy';

interface PolicyRequest {
  readonly policy: unknown;
  /** Version of the policy's row; 0 while the default judges. */
  readonly expectedVersion: number;
  readonly reason: string | null;
  /** Save although a line is over now, or would have acted in the last hour. */
  readonly confirm: boolean;
  readonly actor: string;
}

/** A saved policy judges from then on, the whole hold included: it says first what it would make of now and lately. */
export async function savePolicy(control: Control, request: PolicyRequest): Promise<Written> {
  if (await hasNone(control)) return write(control, request, await readNamed(control, request.policy));
  const rollout = await readRolloutNow(control);
  if (rollout.policy.version !== request.expectedVersion) await refuseStalePolicy(control, rollout, request);
  const policy = await readOrRefuse(control, rollout, request.policy);
  if (!request.confirm) await warnWhenItActs(control, rollout, policy);
  return write(control, request, policy);
}

/** Only the first split has a policy before one is saved: nothing is judged there that a first one could change. */
async function hasNone({ flags }: Control): Promise<boolean> {
  try {
    await flags.readPolicy();
    return false;
  } catch (error) {
    if (error instanceof Refusal) return true;
    throw error;
  }
}

async function write(control: Control, request: PolicyRequest, policy: Policy): Promise<Written> {
  const outcome = await control.flags.writePolicy(JSON.stringify(formatPolicy(policy)), {
    verb: 'policy',
    actor: request.actor,
    reason: request.reason,
    expectedVersion: request.expectedVersion,
  });
  return settleWrite(outcome, 'policy-invalid', request.expectedVersion);
}

async function refuseStalePolicy(
  { journal, facts }: Control,
  { policy }: RolloutNow,
  { expectedVersion }: PolicyRequest,
) {
  const [last] = await journal.list({ limit: 1, flagKey: facts.policyKey });
  const { code, members } = staleVersion(expectedVersion, {
    row: null,
    by: last?.actor ?? null,
    atMs: last ? Date.parse(last.at) : null,
  });
  const by = last ? `: ${last.actor} saved it at ${last.at}` : '';
  const detail = `You edited policy version ${expectedVersion}; version ${policy.version} judges now${by}.`;
  throw new Refusal(code, detail, { ...members, version: policy.version });
}

async function readOrRefuse(control: Control, rollout: RolloutNow, value: unknown): Promise<Policy> {
  const policy = await readNamed(control, value, judgedBy(rollout.policy.policy));
  const fault = renameFault(rollout.policy.policy, policy, rollout.row.stage);
  if (fault !== null) throw new Refusal('policy-invalid', `${fault}.`, { faults: [fault] });
  return policy;
}

async function readNamed({ facts }: Control, value: unknown, judged: Judged | null = null): Promise<Policy> {
  const reading = readPolicyValue(value, await facts.named(), 'shipped', judged);
  if (!reading.ok) throw new Refusal('policy-invalid', `${reading.faults.join('; ')}.`, { faults: reading.faults });
  return reading.policy;
}
