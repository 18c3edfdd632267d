import { seededChance } from '@/lib/gateway/providers/sandbox/chance';
import { historySinceMs, plainBasis } from '@/lib/rule/buckets/history';
import { decide } from '@/lib/rule/decide';
import { nothingBeside } from '@/lib/rule/facts';
import type { Metric } from '@/lib/split/policy/metrics';
import { defaultPolicy, firstArm, type Policy } from '@/lib/split/policy/policy';
import { usualLines } from '@/lib/split/policy/red-lines';
import { stateAfter, stateBefore } from '@/lib/split/state-after';
import { type JobStory, jobBuckets } from '@/test/support/job-stories';
import { historyOf } from '../../../support/histories';

export interface Candidate {
  readonly about: string;
  readonly neverEnds: number;
  readonly fails: number;
  /** Median and 95th percentile of the others. */
  readonly tookMs: readonly [number, number];
}

/** Which jobs are looked at: all that are old enough, or those that have come to an end. */
export type Counted = 'cohorts' | 'finished only';

const minuteMs = 60_000;
export const everyMinutes = 2;
const beganMs = Date.UTC(2026, 2, 2, 12);
const policy: Policy = {
  ...defaultPolicy,
  ...{ baseline: 'old', candidates: ['new'], redLines: usualLines.job },
  stages: [{ name: 'D1', weights: { old: 0.5, new: 0.5 }, observeSeconds: 7200 }],
};
const weights = { old: 0.5, new: 0.5 };

/** Jobs at both arms, ordered by chance; those of the candidate are as it is. */
export function ordersOf(candidate: Candidate, perMinute: number, minutes: number, seed: number): JobStory[] {
  const chance = seededChance(seed);
  const healthy: Candidate = { about: 'well', neverEnds: 0, fails: 0.01, tookMs: [90_000, 180_000] };
  return (['old', 'new'] as const).flatMap((arm) => {
    const { neverEnds, fails, tookMs } = arm === 'new' ? candidate : healthy;
    const stories: JobStory[] = [];
    for (let ms = next(); ms < minutes * minuteMs; ms += next()) {
      const fate = chance.happens(neverEnds) ? 'runs' : chance.happens(fails) ? 'failed' : 'done';
      const took = Math.round(chance.latencyMs(...tookMs));
      const rest = { answeredAfterMs: 1500, costPerUnit: 0.1, pinned: false, rescued: false };
      stories.push({ arm, beganMs: beganMs + Math.round(ms), fate, tookMs: took, ...rest });
    }
    return stories;
    function next(): number {
      return (-Math.log(1 - chance.next()) * minuteMs) / perMinute;
    }
  });
}

export interface RolledBack {
  readonly afterMinutes: number;
  readonly by: Metric;
}

/** The first look that rolls back, one each `everyMinutes`; null: none does. */
export function judge(stories: readonly JobStory[], counted: Counted, minutes: number): RolledBack | null {
  for (let minute = everyMinutes; minute <= minutes; minute += everyMinutes) {
    const nowMs = beganMs + minute * minuteMs;
    const { action } = decide(factsAt(counted === 'cohorts' ? stories : endedBy(stories, nowMs), nowMs));
    if (action.kind === 'rollback') return { afterMinutes: minute, by: action.line.metric };
  }
  return null;
}

const endedBy = (stories: readonly JobStory[], nowMs: number) =>
  stories.filter((story) => story.fate !== 'runs' && story.beganMs + story.tookMs <= nowMs);

function factsAt(stories: readonly JobStory[], nowMs: number): Parameters<typeof decide>[0] {
  const basis = { ...plainBasis, floorMs: beganMs };
  const history = historyOf(jobBuckets(stories, nowMs), firstArm(policy), historySinceMs(policy, nowMs), nowMs, basis);
  return {
    ...{ state: stateAfter(stateBefore(policy), weights, policy, beganMs), policy, policyVersion: 1, nowMs },
    arms: { new: { ...nothingBeside, history } },
    ...{ weightsChangedAtMs: [], baseline: { configured: true, probeOk: true }, environmentCostUsd: null },
    ...{ lastTickMs: null, gate: null },
  };
}
