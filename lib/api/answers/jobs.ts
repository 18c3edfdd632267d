import { z } from 'zod';

const number = z.number();
const instant = z.string().nullable().describe('ISO 8601');

const output = z.object({
  url: z.string(),
  kind: z.enum(['video', 'image', 'audio', 'file']),
  content_type: z.string().nullable(),
  width: number.optional(),
  height: number.optional(),
  seconds: number.optional(),
  bytes: number.optional(),
  thumbnail_url: z.string().optional(),
});

export const jobAnswer = z.object({
  id: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed', 'failed']),
  request_id: z.string(),
  split: z.string(),
  arm: z.string(),
  provider: z.string(),
  model: z.string(),
  weights_version: z.int().nullable(),
  request: z.record(z.string(), z.unknown()).describe('as it was asked for, without the bytes of inputs'),
  progress: number.nullable().describe('0 to 1; null: not said'),
  queue_position: z.int().nullable(),
  outputs: z.array(output),
  error: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .describe('cancelled, expired and outcome_unknown are codes of ours; the others say what went wrong there'),
  cost_usd: number.nullable(),
  cost_basis: z.string().nullable(),
  charged: z.enum(['yes', 'no', 'unknown']).describe('by the provider, as far as it says'),
  cancel_asked: z.boolean(),
  blocked: z.string().nullable().describe('why its provider cannot be asked now; the job waits'),
  created_at: z.string(),
  started_at: instant,
  ended_at: instant,
  expires_at: instant,
});

export const jobsAnswer = z.object({
  jobs: z.array(jobAnswer).describe('the newest first'),
  has_more: z.boolean(),
});
