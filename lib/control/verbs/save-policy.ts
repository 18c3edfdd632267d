import type { Written } from '@/lib/api/views';
import type { RolloutNow } from '@/lib/control/rollout/rollout-now';
import { Refusal } from '@/lib/kernel/refusal';
import { isCrossed } from '@/lib/rule/crossed';
import { explain } from '@/lib/rule/explain';
import type { MissedHold } from '@/lib/rule/verdict';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import { type Judged, judgedBy } from '@/lib/split/policy/metrics';
import type { Policy } from '@/lib/split/policy/policy';
import { readPolicyValue, renameFault } from '@/lib/split/policy/read-policy';
import type { Control } from '../control';
import { judgeProposal, readRolloutNow } from '../rollout/read-rollout-now';
import { redLineView } from '../snapshot/red-line-views';
import { settleWrite, staleVersion } from './settle-write';

interface PolicyRequest {
  readonly policy: unknown;
  /** Version of the policy's row; 0 while the default judges. */
  readonly expectedVersion: number;
  readonly reason: string | null;
  /** Save although a line would be crossed now, or would have acted in the last hour. */
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

export async function readOrRefuse(control: Control, rollout: RolloutNow, value: unknown): Promise<Policy> {
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

/** Refuses a policy that would not leave things as they are. */
export async function warnWhenItActs(control: Control, rollout: RolloutNow, policy: Policy): Promise<void> {
  const { action, lines, missed } = await judgeProposal(control, rollout, policy);
  const crossed = lines.filter(isCrossed);
  const advances = action.kind === 'advance' ? [`It advances to ${action.to} at once.`] : [];
  const sentences = [...advances, ...crossed.map((line) => explain(line, policy)), ...missed.map(missedText)];
  if (sentences.length === 0) return;
  const what = action.kind === 'rollback' ? 'rolls back at once' : 'does not leave things as they are';
  throw new Refusal('confirmation-needed', `This policy ${what}. ${sentences.join(' ')} Confirm to save it.`, {
    would: action,
    lines: crossed.map((line) => redLineView(line, policy, rollout)),
    acted: missed.map(({ metric, fromMs, toMs }) => ({ metric, ...spanText(fromMs, toMs) })),
  });
}

function missedText({ metric, fromMs, toMs }: MissedHold): string {
  const { from, to } = spanText(fromMs, toMs);
  return `In the last hour it would have acted on ${metric}, held from ${from} to ${to}.`;
}

function spanText(fromMs: number, toMs: number) {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
