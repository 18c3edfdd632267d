import { z } from 'zod';
import type { BreachSpan, LineTrend, RolloutAttempt, SparedBreach, StoryView, TrafficView } from '../story';
import { metric } from './control-plane';
import { nullableNumber, nullableText } from './nullable';

const text = z.string();

const attempt = z.looseObject({
  from: text,
  steps: z.array(z.looseObject({ at: text, weights: z.record(text, z.number()), stage: nullableText })),
  marks: z.array(z.looseObject({ at: text, verb: text, by: text, stage: nullableText, journal_id: z.int() })),
  ended: z
    .looseObject({
      at: text,
      by: text,
      verb: text,
      stage: nullableText,
      share: z.number(),
      metric: metric.nullable(),
      value: nullableNumber,
      reason: nullableText,
      journal_id: z.int(),
    })
    .nullable(),
}) satisfies z.ZodType<RolloutAttempt>;

const breach = z.looseObject({
  arm: nullableText,
  metric,
  from: text,
  to: nullableText,
}) satisfies z.ZodType<BreachSpan>;

export const story = z.looseObject({
  attempts: z.array(attempt),
  breaches: z.array(breach),
  rearmed: z.looseObject({ at: text, by: text, reason: nullableText, journal_id: z.int() }).nullable(),
}) satisfies z.ZodType<StoryView>;

const spared = z.looseObject({
  from: text,
  to: text,
  verdict: text,
  hindrance: nullableText,
  over_seconds: z.number(),
  hits: nullableNumber,
  n: nullableNumber,
  chance: nullableNumber,
}) satisfies z.ZodType<Omit<SparedBreach, 'verdict' | 'hindrance'>>;

/** Pairs are arrays here: how a generated client types a tuple differs from one generator to the next. */
export const lineTrend = z.looseObject({
  from: text,
  step_seconds: z.number(),
  values: z.array(nullableNumber),
  baseline: z.array(nullableNumber),
  over: z.array(z.array(z.int())),
  spared: spared.nullable(),
}) satisfies z.ZodType<Omit<LineTrend, 'over' | 'spared'>>;

export const traffic = z.looseObject({
  window_seconds: z.number(),
  requests: z.int(),
  per_minute: z.number(),
  failed: z.int(),
  rescued: nullableNumber,
  users: nullableNumber,
  extra_usd: nullableNumber,
}) satisfies z.ZodType<TrafficView>;
