import type { Snapshot } from '@/lib/api/snapshot';
import type { LineTrend, StoryView, TrafficView } from '@/lib/api/story';
import { isoOf } from '@/lib/kernel/instant';
import { overSinceMs } from '@/lib/rule/hold';
import type { Control } from '../../control';
import { liveRate } from '../../rollout/live-rate';
import type { RolloutNow } from '../../rollout/rollout-now';
import { attemptsOf, rearmedOf } from './attempts';
import type { StoryChange } from './story-store';
import { trendOf, trendSinceMs } from './trends';

const windowMs = 300_000;
const hourMs = 3_600_000;
const stepMs = 10_000;
const minuteMs = 60_000;

/** Its attempts, and the breaches since the first of them began. */
export async function readStory(
  { story }: Pick<Control, 'story'>,
  { policy, ticks }: RolloutNow,
  changes: readonly StoryChange[],
): Promise<StoryView> {
  const attempts = attemptsOf(changes, policy.policy.baseline);
  const rearmed = rearmedOf(changes, policy.policy.baseline);
  const [first] = attempts;
  if (first === undefined) return { attempts, breaches: [], rearmed };
  const breaches = await story.breaches(Date.parse(first.from), ticks.decided?.atMs ?? 0);
  return {
    ...{ attempts, rearmed },
    breaches: breaches.toReversed().map(({ arm, metric, atMs, overSeconds, toMs }) => ({
      ...{ arm, metric, from: isoOf(overSinceMs(atMs, overSeconds)), to: toMs === null ? null : isoOf(toMs) },
    })),
  };
}

export type Trends = (line: Pick<Snapshot['red_lines'][number], 'arm' | 'metric'>) => LineTrend | null;

export async function readTrends({ story }: Pick<Control, 'story'>, { ticks, nowMs }: RolloutNow): Promise<Trends> {
  if (ticks.decided === null) return () => null;
  const samples = await story.samples(trendSinceMs(nowMs), ticks.decided.slotMs);
  return ({ arm, metric }) =>
    trendOf(
      samples.filter((sample) => sample.arm === arm && sample.metric === metric),
      nowMs,
    );
}

/** Figures of whole steps, so that a page which shows them is sent no more often than they change. */
export async function readTraffic({ story }: Pick<Control, 'story'>, rollout: RolloutNow): Promise<TrafficView> {
  const { buckets, nowMs, row, policy } = rollout;
  const { candidates } = policy.policy;
  const toMs = Math.floor(nowMs / stepMs) * stepMs;
  const recent = buckets.filter(({ atMs }) => atMs > toMs - windowMs && atMs <= toMs);
  const sum = (of: 'requests' | 'failures', among = recent) => among.reduce((total, bucket) => total + bucket[of], 0);
  const lastMinute = sum(
    'requests',
    recent.filter(({ atMs }) => atMs > toMs - minuteMs),
  );
  const minute = Math.floor(nowMs / minuteMs) * minuteMs;
  const isStarted = row.rolloutStartedAtMs !== null;
  const [rescued, users, extraUsd] = await Promise.all([
    story.rescued(toMs - windowMs),
    isStarted ? story.users(candidates, minute - hourMs) : null,
    isStarted ? extraOf({ story }, rollout) : null,
  ]);
  return {
    ...{ window_seconds: windowMs / 1000, requests: sum('requests'), failed: sum('failures') },
    per_minute: liveRate(lastMinute, sum('requests')),
    ...{ rescued, users, extra_usd: extraUsd },
  };
}

/** Against the price that the cost line is held to; where that is not known, against what the baseline was charged meanwhile. */
async function extraOf({ story }: Pick<Control, 'story'>, rollout: RolloutNow): Promise<number | null> {
  const { row, nowMs, policy, decision } = rollout;
  const { baseline, candidates } = policy.policy;
  const fromMs = row.rolloutStartedAtMs ?? nowMs;
  const charged = await story.charged(candidates, fromMs, nowMs);
  if (charged.priced === 0) return null;
  const known = decision.baselineCost?.usd ?? null;
  if (known !== null) return cents(charged.usd - charged.priced * known);
  const meanwhile = await story.chargedBaseline(baseline, fromMs, nowMs);
  return meanwhile.priced === 0 ? null : cents(charged.usd - (charged.priced * meanwhile.usd) / meanwhile.priced);
}

const cents = (usd: number): number => Math.round(usd * 1e4) / 1e4;
