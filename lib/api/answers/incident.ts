import { z } from 'zod';
import type { IncidentView } from '../incident-view';
import { journalEntry } from './control-plane';
import { nullableNumber, nullableText } from './nullable';

const text = z.string();
const span = z.object({ from: text, to: text });
const harmed = z.object({
  requests: z.int(),
  users: z.int().describe('of those who are known'),
  without_user: z.int(),
});
const side = z
  .object({ from: text, to: text, requests: z.int(), failure_rate: z.number(), p95_latency_ms: nullableNumber })
  .nullable();

/** The body of GET /api/splits/{slug}/incidents/{seq}. */
export const incident = z.looseObject({
  split: text,
  slug: text,
  baseline: text,
  arms: z.array(text).describe('the candidates that lost their share'),
  automatic: z.boolean(),
  entry: journalEntry,
  times: z.object({
    breach_began_at: nullableText,
    rolled_back_at: text,
    last_request_at: nullableText.describe('the last that was drawn for one of the candidates'),
    seconds_to_rollback: nullableNumber,
    seconds_to_last_request: nullableNumber.describe('from the breach, or where no line decided from the rollback'),
  }),
  charts: span,
  harm: z.object({
    counted: span,
    whole: z.boolean().describe('false: there were too many to read them all'),
    requests: z.int(),
    hurt: harmed.describe('their callers got an error'),
    rescued: harmed.describe('another arm answered instead'),
    slow: nullableNumber,
  }),
  failures: z.array(
    z.object({
      ...{ arm: nullableText, kind: text, model: nullableText, requests: z.int(), rescued: z.int() },
      example: z.object({ request_id: text, at: text, error: nullableText }).nullable(),
    }),
  ),
  before: z.array(journalEntry).describe('changes of the 24 hours before, the newest first'),
  recovery: z.object({ before: side, during: side, after: side }).describe('the baseline alone'),
  rearmed: z.object({ at: text, by: text, journal_id: z.int() }).nullable(),
}) satisfies z.ZodType<IncidentView>;
