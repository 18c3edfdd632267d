import { z } from 'zod';

const urls = { response_url: z.string(), status_url: z.string(), cancel_url: z.string() };
const log = z.object({
  message: z.string(),
  level: z.string().nullable(),
  source: z.string().nullable(),
  timestamp: z.string().nullable(),
});

export const falQueueStatus = z.object({
  status: z.enum(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']).describe('one that failed is COMPLETED, with an error'),
  request_id: z.string(),
  gateway_request_id: z.string().optional().describe('the same, where a webhook is to be told'),
  queue_position: z.int(),
  logs: z.array(log).describe('empty unless ?logs=1'),
  metrics: z.object({ inference_time: z.number().nullable() }).optional(),
  error: z.string().optional(),
  error_type: z.string().optional(),
  ...urls,
});

/** What a queue answers with: a status, a model's own result, or the word of a cancellation. */
export const falQueueAnswer = z.union([
  falQueueStatus,
  z.object({ status: z.enum(['CANCELLATION_REQUESTED', 'ALREADY_COMPLETED', 'NOT_FOUND']) }),
  z.looseObject({}).describe("the model's own answer"),
]);

export const falKeysAnswer = z.object({
  keys: z.array(
    z.object({
      kty: z.string(),
      crv: z.string(),
      x: z.string().describe('base64url'),
      kid: z.string(),
      use: z.string(),
      alg: z.string(),
    }),
  ),
});
