import { explain } from '@/lib/rollout/explain';
import type { Policy } from '@/lib/rollout/policy';
import type { Control } from './control';
import { judgeNow } from './judge-now';
import { loadScene, type Scene } from './load-scene';
import { Refusal } from './refusal';
import { settleWrite, staleVersion, type Written } from './settle-write';

export interface PolicyRequest {
  readonly policy: unknown;
  /** Version of the policy's row; 0 while the default judges. */
  readonly expectedVersion: number;
  readonly reason: string | null;
  /** Save although it would act at once. */
  readonly confirm: boolean;
  readonly actor: string;
}

/** A saved policy judges from then on, the whole hold included: it says so first when it would act at once. */
export async function savePolicy(control: Control, request: PolicyRequest): Promise<Written> {
  const scene = await loadScene(control);
  if (scene.policy.version !== request.expectedVersion) await refuseStalePolicy(control, scene, request);
  const policy = await readOrRefuse(control, scene, request.policy);
  if (!request.confirm) await warnWhenItActs(control, scene, policy);
  const outcome = await control.flags.writePolicy(JSON.stringify(control.policyText.wire(policy)), {
    verb: 'policy',
    actor: request.actor,
    reason: request.reason,
    expectedVersion: request.expectedVersion,
  });
  return settleWrite(outcome, 'policy-invalid', request.expectedVersion);
}

async function refuseStalePolicy({ journal }: Control, { policy }: Scene, { expectedVersion }: PolicyRequest) {
  const [last] = await journal.list({ limit: 1, flagKey: 'GEN_ROLLOUT_POLICY' });
  const { code, members } = staleVersion(expectedVersion, {
    row: null,
    by: last?.actor ?? null,
    atMs: last ? Date.parse(last.at) : null,
  });
  const by = last ? `: ${last.actor} saved it at ${last.at}` : '';
  const detail = `You edited policy version ${expectedVersion}; version ${policy.version} judges now${by}.`;
  throw new Refusal(code, detail, { ...members, version: policy.version });
}

export async function readOrRefuse({ policyText, facts }: Control, scene: Scene, value: unknown): Promise<Policy> {
  const registered = (await facts.registered()).map(({ name }) => name);
  const reading = policyText.read(value, registered);
  if (!reading.ok) throw new Refusal('policy-invalid', `${reading.faults.join('; ')}.`, { faults: reading.faults });
  const fault = policyText.renameFault(scene.policy.policy, reading.policy, scene.row.stage);
  if (fault !== null) throw new Refusal('policy-invalid', `${fault}.`, { faults: [fault] });
  return reading.policy;
}

async function warnWhenItActs(control: Control, scene: Scene, policy: Policy): Promise<void> {
  const { action } = await judgeNow(control, scene, policy);
  if (action.kind !== 'rollback' && action.kind !== 'advance') return;
  const said = action.kind === 'rollback' ? explain(action.line, policy) : `It advances to ${action.to}.`;
  throw new Refusal('confirmation-needed', `This policy would act at once. ${said} Confirm to save it.`, {
    would: action,
  });
}
