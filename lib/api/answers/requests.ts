import { z } from 'zod';
import {
  type RequestAttempt,
  type RequestDetail,
  type RequestItem,
  type RequestsView,
  requestOutcomes,
} from '../requests-view';
import { nullableNumber, nullableText } from './nullable';
import { jobLogRow } from './operated-jobs';

const text = z.string();
const words = z.array(text);

const item = z.looseObject({
  request_id: nullableText.describe('null: the row names none'),
  at: text.describe('when its first attempt ended'),
  outcome: z.enum(requestOutcomes).describe('rescued: the first attempt failed and another answered'),
  arm: nullableText.describe('of the first attempt, as are latency and error'),
  provider: nullableText,
  latency_ms: nullableNumber,
  error_kind: nullableText,
  error: nullableText,
  answered_by: nullableText.describe('the arm'),
  total_ms: nullableNumber,
  cost_usd: nullableNumber,
  model: nullableText,
  size: nullableText,
  caller: nullableText,
  user_hash: nullableText,
  stage: nullableText,
  pinned: z.boolean(),
  job: z.object({ id: text, state: text }).nullable(),
}) satisfies z.ZodType<RequestItem>;

export const requests = z.object({
  requests: z.array(item).describe('the newest first'),
  next: nullableText.describe('`before` of the page that follows'),
  searched_to: nullableText.describe('so far back was looked, where that ended the page'),
}) satisfies z.ZodType<RequestsView>;

const attempt = z.looseObject({
  at: text,
  attempt: nullableNumber,
  arm: nullableText,
  provider: nullableText,
  model: nullableText,
  latency_ms: nullableNumber,
  queued_ms: nullableNumber,
  error_kind: nullableText,
  error: nullableText,
  http_status: nullableNumber,
  refused: z.boolean(),
  ours: z.boolean().describe('our own doing: it counts for no provider'),
  outcome: nullableText,
  mapped: words,
  dropped: words,
  images: nullableNumber,
  cost_per_image: nullableNumber,
  cost_basis: nullableText,
  provider_request_id: nullableText,
}) satisfies z.ZodType<RequestAttempt>;

export const request = item.extend({
  request_id: text,
  assigned: nullableText.describe('the arm that was drawn'),
  weights_version: nullableNumber,
  price_key: nullableText,
  pinned_by: words,
  attempts: z.array(attempt),
  end: z
    .object({
      at: text,
      ok: z.boolean(),
      outcome: nullableText,
      error: nullableText,
      latency_ms: nullableNumber,
      images: nullableNumber,
    })
    .nullable(),
  vouchers: z.array(z.object({ at: text, reason: nullableText })),
  images: z.object({
    kept: z.enum(['yes', 'no', 'expired']).describe('SLUICE_EVENT_IMAGE_HOURS keeps addresses'),
    urls: words,
    until: nullableText,
  }),
  job: z
    .object({
      ...{ id: text, state: text, created_at: text, accepted_at: nullableText },
      ...{ started_at: nullableText, ended_at: nullableText, events: z.array(jobLogRow) },
      cost_usd: nullableNumber.describe('once it is known; its create did not know it'),
      cost_basis: nullableText,
    })
    .nullable(),
}) satisfies z.ZodType<RequestDetail>;
