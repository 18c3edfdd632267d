import { type ReplayOptions, startReplay } from '@/lib/replay/replay';
import type { ReplayReport } from '@/lib/replay/replay-report';
import { type Bucket, binOf } from '@/lib/rule/buckets/bucket';
import { historySinceMs, plainBasis } from '@/lib/rule/buckets/history';
import { candidateFacts, decide } from '@/lib/rule/decide';
import { type ArmFacts, type CandidateFacts, type Facts, nothingBeside } from '@/lib/rule/facts';
import type { Decision, LineVerdict } from '@/lib/rule/verdict';
import type { Metric } from '@/lib/split/policy/metrics';
import { defaultPolicy, firstArm, type Policy } from '@/lib/split/policy/policy';
import { readPolicy } from '@/lib/split/policy/read-policy';
import { firstSplit } from '@/lib/split/split-key';
import { type RolloutState, untouchedArm } from '@/lib/split/state';
import { bucketEndMs, historyOf } from '../support/histories';

/** Noon of a day; scenes count seconds from here. */
export const noonMs = Date.UTC(2026, 2, 2, 12);
export const at = (seconds: number): number => noonMs + seconds * 1000;
export const isoAt = (seconds: number): string => new Date(at(seconds)).toISOString();

export interface SceneEvent {
  readonly atSeconds: number;
  readonly provider?: string;
  readonly failed?: boolean;
  readonly latencyMs?: number | null;
  readonly costUsd?: number | null;
  readonly kind?: 'attempt' | 'generated' | 'voucher';
}

/** One event each `everySeconds` in (from, to]. */
export function steady(from: number, to: number, everySeconds: number, event: Omit<SceneEvent, 'atSeconds'> = {}) {
  const events: SceneEvent[] = [];
  for (let t = from + everySeconds; t <= to; t += everySeconds) events.push({ ...event, atSeconds: t });
  return events;
}

export function bucketsOf(events: readonly SceneEvent[]): Bucket[] {
  return events.map((event) => {
    const kind = event.kind ?? 'attempt';
    const isAttempt = kind === 'attempt';
    const latency = isAttempt ? (event.latencyMs === undefined ? 2000 : event.latencyMs) : null;
    const nano = isAttempt && event.costUsd ? Math.round(event.costUsd * 1e9) : null;
    return {
      atMs: bucketEndMs(at(event.atSeconds)),
      provider: event.provider ?? 'runware',
      requests: isAttempt ? 1 : 0,
      failures: isAttempt && event.failed ? 1 : 0,
      refused: 0,
      ages: [],
      prices: [],
      bins: latency === null ? [] : [[binOf(latency), 1] as const],
      priced: nano === null ? 0 : 1,
      costNano: nano ?? 0,
      costNanoSquared: (nano ?? 0) ** 2,
      generated: kind === 'generated' ? 1 : 0,
      vouchers: kind === 'voucher' ? 1 : 0,
    };
  });
}

export const liveState: RolloutState = {
  version: 7,
  weights: { fal: 0.9, runware: 0.1 },
  stage: 'D1',
  rolloutStartedAtMs: at(-3600),
  stageStartedAtMs: at(-3600),
  pausedAtMs: null,
  pausedSeconds: 0,
  latched: false,
  baselineCostUsd: 0.05,
  arms: { runware: { ...untouchedArm, rolloutStartedAtMs: at(-3600) } },
};

export const oneLine = (metric: Metric, more: Partial<Policy> = {}): Policy => ({
  ...defaultPolicy,
  redLines: defaultPolicy.redLines.filter((line) => line.metric === metric),
  ...more,
});

/** What a scene may say of the split and of its candidate. */
export type SceneFacts = Partial<Omit<Facts, 'arms'>> & Partial<ArmFacts>;

export function splitFacts(nowSeconds: number, events: readonly SceneEvent[], more: SceneFacts = {}): Facts {
  const policy = more.policy ?? defaultPolicy;
  const nowMs = at(nowSeconds);
  const beside: ArmFacts = {
    ...nothingBeside,
    history: historyOf(bucketsOf(events), firstArm(policy), historySinceMs(policy, nowMs), nowMs, {
      ...plainBasis,
      quartilesMs: more.warning?.quartilesMs ?? null,
    }),
  };
  const own = Object.keys(beside).filter((name) => name in more) as (keyof ArmFacts)[];
  const given = Object.fromEntries(own.map((name) => [name, more[name]]));
  return {
    state: liveState,
    policy,
    policyVersion: 3,
    arms: { [firstArm(policy).candidate]: { ...beside, ...given } },
    weightsChangedAtMs: [],
    nowMs,
    baseline: { configured: true, probeOk: true },
    environmentCostUsd: null,
    lastTickMs: null,
    gate: null,
    ...Object.fromEntries(Object.entries(more).filter(([name]) => !(name in beside))),
  };
}

/** The same of the one candidate. */
export function factsOf(nowSeconds: number, events: readonly SceneEvent[], more: SceneFacts = {}): CandidateFacts {
  const facts = splitFacts(nowSeconds, events, more);
  return candidateFacts(facts, firstArm(facts.policy).candidate);
}

export const decided = (now: number, events: readonly SceneEvent[], more: SceneFacts = {}): Decision =>
  decide(splitFacts(now, events, more));

export function lineOf(decision: Decision, metric: Metric): LineVerdict {
  const line = decision.lines.find((each) => each.metric === metric);
  if (!line) throw new Error(`The decision has no line ${metric}.`);
  return line;
}

/** The same events as rows of `analytics_logs`. */
export function rowOf(event: SceneEvent, more: object = {}): string {
  const kind = event.kind ?? 'attempt';
  const provider = event.provider ?? 'runware';
  const type = { attempt: 'gen_route', generated: 'gen_ok', voucher: 'voucher_issued' }[kind];
  const attempt = {
    latency_ms: event.latencyMs === undefined ? 2000 : event.latencyMs,
    cost_per_image: event.costUsd ?? null,
    ...(event.failed ? { error: 'upstream 503' } : {}),
  };
  const data = {
    ...(provider === '' ? {} : { provider }),
    ...(kind === 'attempt' ? attempt : {}),
    ...(kind === 'voucher' ? { reason: 'regenerate' } : {}),
  };
  return JSON.stringify({ event_type: type, event_data: data, created_at: isoAt(event.atSeconds), ...more });
}

export const weightsRow = (seconds: number, text: string): string =>
  JSON.stringify({ flag_key: 'GEN_PROVIDER_WEIGHTS', flag_value_text: text, updated_at: isoAt(seconds) });

export function replayed(lines: readonly string[], more: Partial<ReplayOptions> = {}): ReplayReport {
  const replay = startReplay({
    split: firstSplit,
    policy: defaultPolicy,
    policySource: 'default',
    readPolicy: (text) => readPolicy(text, ['fal', 'runware']),
    fallbackPolicy: defaultPolicy,
    untilMs: null,
    registered: ['fal', 'runware'],
    environmentCostUsd: null,
    ...more,
  });
  for (const line of lines) replay.read(line);
  return replay.finish();
}
