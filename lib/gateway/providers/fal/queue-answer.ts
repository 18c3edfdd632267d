import { z } from 'zod';

/** What the queue answers. Unknown members are dropped: a response is untrusted input. */

export const falSubmitted = z.object({
  request_id: z.string().regex(/^[\w-]{1,128}$/),
  response_url: z.string().max(2048).nullish().catch(null),
});

const line = z.object({
  message: z.string(),
  level: z.string().max(32).nullish().catch(null),
  source: z.string().max(64).nullish().catch(null),
  timestamp: z.string().max(64).nullish().catch(null),
});

export const falStatus = z.object({
  status: z.string(),
  queue_position: z.number().int().nonnegative().nullish().catch(null),
  logs: z.array(line).max(10_000).nullish().catch(null),
  response_url: z.string().max(2048).nullish().catch(null),
  /** It ended, and did not end well. */
  error: z.unknown().optional(),
  error_type: z.string().nullish().catch(null),
});

export type FalStatus = z.infer<typeof falStatus>;

export const falCancelled = z.object({ status: z.string() });
