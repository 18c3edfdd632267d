import { z } from 'zod';

const text = z.string();

/** Every refusal, RFC 9457; which of the further members are there follows from `code`. */
export const problem = z.looseObject({
  type: text.describe('urn:sluice:problem:<code>'),
  title: text,
  status: z.int(),
  detail: text.describe('a sentence: what was not done, why, and what to do'),
  code: text,
  request_id: text,
  errors: z.array(z.looseObject({ pointer: text, detail: text })),
  needs: text.optional().describe('role: the role that may do this'),
  version: z.int().nullish().describe('stale-version: the version now'),
  weights: z.record(text, z.number()).nullish(),
  stage: text.nullish(),
  by: text.nullish(),
  at: text.nullish(),
  blockers: z
    .array(z.looseObject({ code: text, detail: text }))
    .optional()
    .describe('gate-closed: what stands in the way'),
  accepted: z.int().optional(),
  rejected: z.int().optional(),
  attempts: z
    .array(z.looseObject({ attempt: z.int(), provider: text }))
    .optional()
    .describe('whom a generation was sent to'),
  outcome: z.literal('unknown').optional().describe('the image may have been made, and billed'),
});
