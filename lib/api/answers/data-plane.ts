import { z } from 'zod';
import type { AttemptView, CostBasis, ProviderHealth, SplitHealth } from '@/lib/api/views';

const number = z.number();
const attempt = z.object({
  attempt: z.int(),
  provider: z.string(),
  latency_ms: number.nullable(),
  error_kind: z.string().nullable(),
  error: z.string().nullable(),
  queued_ms: number.optional(),
}) satisfies z.ZodType<AttemptView>;

export const generateAnswer = z.object({
  request_id: z.string(),
  provider: z.string(),
  images: z.array(
    z.object({
      url: z.string(),
      width: number.nullable(),
      height: number.nullable(),
      content_type: z.string().nullable(),
    }),
  ),
  cost_usd: number.nullable(),
  latency_ms: number,
  attempts: z.array(attempt),
  weights_version: z.int().nullable(),
  model: z.string(),
  cost_basis: z.enum(['billed', 'units_x_price', 'price_list', 'unknown']) satisfies z.ZodType<CostBasis>,
  pinned: z.array(z.string()).optional().describe('not every arm can be told these, so no draw decided'),
  dropped: z.array(z.string()).optional().describe('left out where it was made'),
  mapped: z.array(z.string()).optional().describe('said there as another value than was written'),
});

export const openaiAnswer = z.object({
  created: z.int(),
  data: z.array(z.union([z.object({ url: z.string() }), z.object({ b64_json: z.string() })])),
});

export const openaiModelAnswer = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int().describe('0: nobody says'),
  owned_by: z.string().describe('the providers that make it'),
});

export const openaiModelsAnswer = z.object({ object: z.literal('list'), data: z.array(openaiModelAnswer) });

export const openaiErrorAnswer = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

const falImage = z.object({
  url: z.string(),
  width: number.optional(),
  height: number.optional(),
  content_type: z.string().optional(),
  file_name: z.string().optional(),
  file_size: number.optional(),
});

export const falAnswer = z.looseObject({
  images: z.array(falImage).optional(),
  image: falImage.optional(),
  timings: z.object({ inference: number }).optional(),
  seed: number.optional().describe('as its provider said; left out where it did not'),
  has_nsfw_concepts: z.array(z.boolean()).optional(),
  prompt: z.string().optional(),
});

export const falErrorAnswer = z.object({
  detail: z.union([z.string(), z.array(z.object({ loc: z.array(z.string()), msg: z.string(), type: z.string() }))]),
  error_type: z.string().optional(),
  message: z.string(),
  request_id: z.string(),
  outcome: z.string().optional(),
});

export const eventsAnswer = z.object({
  accepted: z.int(),
  rejected: z.int(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string(), status: z.int() })),
  request_id: z.string(),
});

export const voucherAnswer = z.object({
  request_id: z.string(),
  reason: z.string(),
  provider: z.string().nullable(),
  issued: z.boolean(),
});

const providerHealth = z.object({
  ok: z.boolean(),
  latency_ms: number.nullable(),
  error: z.string().nullable(),
  configured: z.boolean(),
  deprecated: z.literal(true).optional(),
}) satisfies z.ZodType<ProviderHealth>;

const weightsHealth = z.looseObject({
  version: z.int().nullable(),
  stage: z.string().nullable(),
  source: z.enum(['store', 'file', 'default']),
  age_ms: number.nullable(),
  rejected: z.int(),
});

const splitHealth = z.object({
  stage: z.string().nullable(),
  weights: z.record(z.string(), number).nullable(),
  version: z.int().nullable(),
  primary: z.string().nullable(),
  fault: z.string().nullable(),
  arms: z.record(z.string(), z.string()).optional(),
  unwell: z.record(z.string(), z.string()).optional(),
}) satisfies z.ZodType<SplitHealth>;

const status = z.enum(['ok', 'degraded', 'down']);

export const healthAnswer = z.looseObject({
  providers: z
    .object({ config: z.object({ primary: z.string(), weights: z.record(z.string(), number) }) })
    .catchall(providerHealth),
  splits: z.record(z.string(), splitHealth),
  status,
  mode: z.enum(['sandbox', 'live']),
  weights: weightsHealth,
  events: z.looseObject({ waiting: z.int(), oldest_ms: number.nullable(), stored: z.int(), dropped: z.int() }),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().nullable() })),
});

export const liveAnswer = z.object({ status: z.literal('live') });
export const readyAnswer = z.object({ ready: z.boolean(), status, weights: weightsHealth });
