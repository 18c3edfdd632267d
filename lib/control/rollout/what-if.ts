import { Refusal } from '@/lib/kernel/refusal';
import { type ReplayOptions, startReplay } from '@/lib/replay/replay';
import type { ReplayReport } from '@/lib/replay/replay-report';
import { type Judged, judgedBy } from '@/lib/split/policy/metrics';
import type { Policy } from '@/lib/split/policy/policy';
import { readPolicyValue } from '@/lib/split/policy/read-policy';
import type { Control } from '../control';

interface WhatIfRequest {
  /** null: the policy that judges now. */
  readonly policy: unknown;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Judging runs in one go, about 0.7 ms a thousand events: more would hold up other requests. */
export const mostEvents = 500_000;

/** What a policy would have done over a span of the log: the live rule on the recorded events, nothing written. */
export async function whatIf(control: Control, request: WhatIfRequest): Promise<ReplayReport> {
  const { facts, flags, recordings } = control;
  const registered = await facts.named();
  const stored = await flags.readPolicy();
  const policy =
    request.policy === null ? stored.policy : readOrRefuse(request.policy, registered, judgedBy(stored.policy));
  const count = await recordings.count(request.fromMs, request.toMs);
  if (count > mostEvents) {
    const detail = `The span holds ${count} requests; here at most ${mostEvents} are replayed. Choose a shorter one, or run: sluice replay --from … --to …`;
    throw new Refusal('span-too-large', detail, { requests: count, most: mostEvents });
  }
  const { fromMs, toMs } = request;
  const options = trialOf(control, policy, { registered, untilMs: toMs });
  const replay = startReplay({ ...options, policySource: request.policy === null ? 'default' : 'given' });
  await recordings.lines({ fromMs, toMs, withPolicies: false }, replay.read);
  return replay.finish();
}

/** A policy tried on the log of this split. */
export function trialOf(
  { facts: { split, environmentCostUsd } }: Pick<Control, 'facts'>,
  policy: Policy,
  span: Pick<ReplayOptions, 'registered' | 'untilMs'>,
): ReplayOptions {
  return {
    ...{ ...span, split, environmentCostUsd, policy, policySource: 'given', fallbackPolicy: policy },
    readPolicy: (text) => readPolicyValue(JSON.parse(text), span.registered),
  };
}

function readOrRefuse(value: unknown, registered: readonly string[], judged: Judged): Policy {
  const reading = readPolicyValue(value, registered, 'shipped', judged);
  if (reading.ok) return reading.policy;
  throw new Refusal('policy-invalid', `${reading.faults.join('; ')}.`, { faults: reading.faults });
}
