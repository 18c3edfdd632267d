import { z } from 'zod';
import type { ReplayReport } from '@/lib/replay/replay-report';
import { metric } from './control-plane';
import { nullableNumber, nullableText } from './nullable';
import { evidence, verdict } from './snapshot';

const text = z.string();

const line = z.looseObject({
  arm: text,
  metric,
  verdict,
  value: nullableNumber,
  limit: nullableNumber,
  comparison: z.enum(['>=', '>']),
  n: z.int(),
  windowSeconds: z.number(),
  holdSeconds: z.number(),
  breachedForSeconds: z.number(),
  evidence: evidence.nullable(),
  baselineValue: nullableNumber,
  baselineN: z.int(),
  acts: z.boolean(),
  hindrance: nullableText,
});

const decision = z.looseObject({
  action: z.looseObject({ kind: z.enum(['none', 'rollback', 'alert', 'advance']) }),
  lines: z.array(line),
  warnings: z.array(z.looseObject({ arm: text, metric, sinceMs: z.number(), odds: z.number() })),
  missed: z.array(z.looseObject({ arm: text, metric, fromMs: z.number(), toMs: z.number() })),
  baselineCost: z.looseObject({ usd: z.number(), source: text }).nullable(),
  policyVersion: z.int(),
  atMs: z.number(),
});

const tick = z.looseObject({
  atMs: z.number(),
  slotMs: z.number(),
  by: text,
  intervalSeconds: z.number(),
  durationMs: z.number(),
  decision: decision.nullable(),
  error: nullableText,
  policyVersion: z.int().nullable(),
  weightsVersion: z.int().nullable(),
});

/** The body of POST /api/cron/watchdog. */
export const tickOutcome = z.discriminatedUnion('result', [
  z.object({ result: z.literal('decided'), action: z.enum(['none', 'rollback', 'alert', 'advance']), tick }),
  z.object({ result: z.literal('skipped') }),
  z.object({ result: z.literal('failed'), error: text }),
]);

const rollback = z.object({ at: text, arm: text, red_line: metric, explanation: text });

const change = z.looseObject({
  at: text,
  arm: text,
  red_line: metric,
  verdict,
  acts: z.boolean(),
  hindrance: nullableText,
  value: nullableNumber,
  limit: nullableNumber,
  n: z.int(),
  breached_for_seconds: z.number(),
  chance: nullableNumber,
  explanation: text,
}) satisfies z.ZodType<Omit<ReplayReport['verdicts'][number], 'hindrance'>>;

/** The body of POST /api/replay. */
export const replayReport = z.looseObject({
  rollback_at: nullableText,
  red_line: metric.nullable(),
  verdicts: z.array(change),
  rollbacks: z.array(rollback),
  from: nullableText,
  to: nullableText,
  events: z.int(),
  backfilled: z.int().optional(),
  lines: z.int(),
  flag_writes: z.array(z.object({ at: text, flag_key: text, stage: nullableText, fault: nullableText })),
  bad_lines: z.object({ count: z.int(), first: z.array(z.object({ line: z.int(), fault: text })) }),
  policy: z.enum(['default', 'given', 'recorded']),
}) satisfies z.ZodType<Omit<ReplayReport, 'verdicts'>>;
