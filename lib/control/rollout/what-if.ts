import { Refusal } from '@/lib/kernel/refusal';
import { startReplay } from '@/lib/replay/replay';
import type { ReplayReport } from '@/lib/replay/replay-report';
import type { Policy } from '@/lib/split/policy/policy';
import { readPolicyValue } from '@/lib/split/policy/read-policy';
import type { Control } from '../control';

interface WhatIfRequest {
  /** null: the policy that judges now. */
  readonly policy: unknown;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Judging runs in one go, about 0.7 ms a thousand events: more would hold up the requests of this process. */
const mostEvents = 500_000;

/** What a policy would have done over a span of the log: the live rule on the recorded events, nothing written. */
export async function whatIf(control: Control, request: WhatIfRequest): Promise<ReplayReport> {
  const { facts, flags, recordings } = control;
  const registered = await facts.named();
  const stored = await flags.readPolicy();
  const policy = request.policy === null ? stored.policy : readOrRefuse(request.policy, registered);
  const count = await recordings.count(request.fromMs, request.toMs);
  if (count > mostEvents) {
    const detail = `The span holds ${count} requests; here at most ${mostEvents} are replayed. Choose a shorter one, or run: sluice replay --from … --to …`;
    throw new Refusal('span-too-large', detail, { requests: count, most: mostEvents });
  }
  const replay = startReplay({
    split: facts.split,
    policy,
    policySource: request.policy === null ? 'default' : 'given',
    readPolicy: (text) => readPolicyValue(JSON.parse(text), registered),
    fallbackPolicy: policy,
    untilMs: request.toMs,
    registered,
    environmentCostUsd: facts.environmentCostUsd,
  });
  const { fromMs, toMs } = request;
  await recordings.lines({ fromMs, toMs, withPolicies: false }, replay.read);
  return replay.finish();
}

function readOrRefuse(value: unknown, registered: readonly string[]): Policy {
  const reading = readPolicyValue(value, registered);
  if (reading.ok) return reading.policy;
  throw new Refusal('policy-invalid', `${reading.faults.join('; ')}.`, { faults: reading.faults });
}
