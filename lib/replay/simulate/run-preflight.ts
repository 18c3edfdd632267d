import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import type { Policy } from '@/lib/split/policy/policy';
import type { Random } from './chance';
import { type PreflightRow, preflight } from './preflight';

interface PreflightReport {
  readonly stage: string;
  readonly runs: number;
  readonly min_requests: number;
  readonly rows: readonly PreflightRow[];
}

interface PreflightRequest {
  readonly policy: Policy;
  /** null: the first stage of the plan. */
  readonly stage: string | null;
  readonly levels: readonly number[];
  readonly runs: number;
  readonly random: Random;
}

export const usualLevels: readonly number[] = [1, 10, 50, 200];

/** What a policy can see at the expected traffic, by simulation through the live rule. */
export function runPreflight({ policy, stage: name, levels, runs, random }: PreflightRequest): PreflightReport {
  const stage = name === null ? policy.stages[0] : policy.stages.find((each) => each.name === name);
  if (stage === undefined) throw new Refusal('policy-invalid', `The plan has no stage "${excerpt(name ?? '')}".`);
  const rows = preflight({ policy, stage, levels, random, runs });
  return { stage: stage.name, runs, min_requests: policy.minRequests, rows };
}
