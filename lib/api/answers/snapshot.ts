import { z } from 'zod';
import type { ArmView, InstanceView, PlanStep, ProviderView, RedLineView, Snapshot, WarningView } from '../snapshot';
import { alert, metric, role } from './control-plane';
import { nullableNumber, nullableText } from './nullable';
import { lineTrend, story, traffic } from './story';

const text = z.string();
const number = z.number();
const shares = z.record(text, number);

/** Words of which a later version may know more are text here: a client must not break by a new one. */
type Worded<T, Key extends keyof T> = Omit<T, Key>;

const step = z.object({
  name: text,
  weights: shares,
  observe_seconds: nullableNumber,
  state: z.enum(['past', 'current', 'next', 'future']),
  entered_at: nullableText,
  by: nullableText,
}) satisfies z.ZodType<PlanStep>;

export const evidence = z.object({
  chance: number,
  threshold: number,
  atLine: number,
  lineThreshold: number,
  dispersion: number,
  pattern: z.enum(['steady', 'comes_and_goes']),
  horizonSeconds: number,
  n: z.int(),
  hits: z.int(),
  stillSo: z.boolean(),
});

export const verdict = z.enum(['ok', 'breach', 'held', 'shared_cause', 'insufficient', 'no_traffic', 'blind']);

const line = z.looseObject({
  arm: text,
  metric,
  verdict,
  value: nullableNumber,
  limit: nullableNumber,
  comparison: z.enum(['>=', '>']),
  n: z.int(),
  window_seconds: number,
  hold_seconds: number,
  breached_for_seconds: number,
  evidence: evidence.nullable(),
  baseline_value: nullableNumber,
  baseline_n: z.int(),
  hindrance: nullableText,
  exposure: z.object({ median_delay_seconds: number, known_vouchers: z.int() }).nullable(),
  action: z.enum(['rollback', 'signal']),
  acts_at: nullableText,
  trend: lineTrend.nullable(),
  explanation: text,
}) satisfies z.ZodType<Worded<RedLineView, 'hindrance' | 'trend'>>;

const warning = z.looseObject({
  arm: text,
  metric: z.enum(['failure_rate', 'p95_latency_ms']),
  since: text,
  odds: number,
  explanation: text,
}) satisfies z.ZodType<WarningView>;

const provider = z.looseObject({
  ok: z.boolean(),
  latency_ms: nullableNumber,
  error: nullableText,
  configured: z.boolean(),
  deprecated: z.boolean().optional(),
  breaker: z.enum(['closed', 'open', 'half_open']),
  recent: z.object({ requests: z.int(), failures: z.int(), window_seconds: number, p95_ms: nullableNumber }),
  simulated: z.boolean(),
}) satisfies z.ZodType<Worded<ProviderView, 'deprecated'>>;

const instance = z.looseObject({
  id: text,
  kind: z.enum(['web', 'watchdog']),
  version: z.int().nullable(),
  seen_at: text,
  age_seconds: number,
  alive: z.boolean(),
  spool_depth: z.int(),
  clock_skew_ms: nullableNumber,
}) satisfies z.ZodType<InstanceView>;

const arm = z.looseObject({
  name: text,
  provider: text,
  model: nullableText,
  share: number,
  role: z.enum(['baseline', 'candidate', 'none']),
  stage: nullableText,
  requests: z.int(),
  rollout_started_at: nullableText,
  latched: z.object({ at: text, by: text, reason: nullableText }).nullable(),
}) satisfies z.ZodType<ArmView>;

/** The body of GET /api/rollout, and of each `snapshot` event of GET /api/stream. */
export const snapshot = z.looseObject({
  now: text,
  split: text,
  slug: text,
  version: z.int(),
  mode: z.enum(['live', 'sandbox']),
  baseline: text,
  candidate: text,
  arms: z.array(arm),
  weights: shares,
  weights_fault: nullableText,
  stage: text,
  without: z.array(text),
  stage_started_at: nullableText,
  stage_by: nullableText,
  rollout_started_at: nullableText,
  paused: z.object({ at: text, by: text, reason: nullableText }).nullable(),
  latched: z.object({ at: text, by: text, reason: nullableText, journal_id: z.int() }).nullable(),
  plan: z.array(step),
  observation: z.looseObject({
    served_seconds: number,
    needed_seconds: nullableNumber,
    eligible_at: nullableText,
    requests: z.int(),
    needed_requests: z.int(),
  }),
  next: z.object({ name: text, weights: shares }).nullable(),
  blockers: z.array(z.object({ code: text, detail: text, params: z.record(text, z.union([text, number, z.null()])) })),
  red_lines: z.array(line),
  warnings: z.array(warning),
  observed: z.looseObject({
    window_seconds: number,
    since_seconds: number,
    total: z.int(),
    shares,
    recent: z.object({ total: z.int(), shares }),
    alarm: z.boolean(),
    chance: nullableNumber,
    arm: nullableText,
  }),
  pinned: z.array(z.looseObject({ arm: text, field: text, requests: z.int(), share: number })),
  watchdog: z.looseObject({
    alive: z.boolean(),
    last_tick_at: nullableText,
    interval_seconds: number,
    by: nullableText,
    duration_ms: nullableNumber,
    last_error: nullableText,
  }),
  providers: z.record(text, provider),
  instances: z.array(instance),
  seen_by_all: z.boolean(),
  alerts: z.array(alert),
  checklist: z.array(
    z.object({ id: text, arm: text.optional(), state: z.enum(['ok', 'waiting', 'failing']), detail: text }),
  ),
  story,
  traffic,
  policy: z.object({
    version: z.int(),
    source: z.enum(['default', 'row']),
    fault: nullableText,
    auto_advance: z.boolean(),
  }),
  build: text,
  migration: text,
  me: z.object({ name: text, role }),
}) satisfies z.ZodType<Worded<Snapshot, 'blockers' | 'red_lines' | 'alerts' | 'checklist' | 'providers'>>;
