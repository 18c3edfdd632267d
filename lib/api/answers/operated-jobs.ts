import { z } from 'zod';
import type { InFlightView, JobDetail, JobItem, JobsView } from '../jobs-view';
import { nullableNumber, nullableText } from './nullable';

const text = z.string();
const number = z.number();
const count = z.int();

const item = z.looseObject({
  id: text,
  state: text,
  arm: text,
  provider: text,
  upstream_id: nullableText,
  model: nullableText.describe('null: it was passed on, and its create named none'),
  caller: text,
  door: text,
  created_at: text,
  age_seconds: number,
  progress: nullableNumber,
  tries: count,
  polls: count,
  misses: count,
  due_in_seconds: nullableNumber.describe('until the next look; below 0 it is late'),
  blocked: nullableText.describe('why it cannot be looked at; it waits'),
  cost_usd: nullableNumber,
  cost_basis: nullableText,
  charged: text,
  error_kind: nullableText,
  error: nullableText,
  cancel_asked: z.boolean(),
}) satisfies z.ZodType<JobItem>;

export const jobs = z.object({
  jobs: z.array(item).describe('the newest first'),
  next: nullableText.describe('`before` of the page that follows'),
  searched_to: nullableText.describe('so far back was looked, where that ended the page'),
}) satisfies z.ZodType<JobsView>;

const member = z.object({
  name: text,
  value: z.union([text, number, z.boolean(), z.null()]),
  characters: count.optional(),
  host: text.optional(),
});
const output = z.object({
  kind: text,
  content_type: nullableText,
  host: nullableText.describe('not the whole address, with which everybody could fetch it'),
  width: nullableNumber,
  height: nullableNumber,
  seconds: nullableNumber,
  bytes: nullableNumber,
});
const attempt = z.looseObject({
  attempt: count,
  provider: text,
  latency_ms: nullableNumber,
  error_kind: nullableText,
  error: nullableText,
});
export const jobLogRow = z.object({
  at: text,
  type: text,
  phase: nullableText,
  arm: nullableText,
  provider: nullableText,
  attempt: nullableNumber,
  latency_ms: nullableNumber,
  duration_ms: nullableNumber,
  outcome: nullableText,
  error_kind: nullableText,
  cost_usd: nullableNumber,
});

export const job = item.extend({
  assigned: text,
  pinned: z.boolean(),
  stage: nullableText,
  weights_version: count.nullable(),
  adapter: text,
  key_version: count.describe('0: of the environment'),
  base_url: text,
  provider_model: text,
  request_id: text,
  request: z.array(member).describe('without what callers wrote and where their files lie'),
  attempts: z.array(attempt),
  outputs: z.array(output),
  queue_position: nullableNumber,
  http_status: nullableNumber,
  units: nullableNumber,
  cancel_said: nullableText,
  accepted_at: nullableText,
  started_at: nullableText,
  cancel_asked_at: nullableText,
  ended_at: nullableText,
  expires_at: nullableText,
  events: z.array(jobLogRow),
}) satisfies z.ZodType<JobDetail>;

export const inFlight = z.object({
  in_flight: z.array(
    z.object({
      ...{ arm: text, provider: text, jobs: count },
      ...{ attempting: count, accepted: count, running: count, unknown: count, blocked: count },
      why: nullableText,
      oldest_seconds: number,
      ends_by: nullableText.describe('at the latest, of those that are not blocked: by the age limit of the provider'),
      late_seconds: nullableNumber,
    }),
  ),
  window_seconds: count,
  lately: z.array(
    z.object({
      ...{ arm: text, sent: count, not_accepted: count },
      ...{ accepted: count, done: count, failed: count, cancelled: count },
    }),
  ),
}) satisfies z.ZodType<InFlightView>;

export const jobAsked = z.object({ id: text, cancel_asked: z.literal(true) });
export const jobsDue = z.object({ due: count });
