import { z } from 'zod';

const text = z.string().nullish();

const said = z.object({ name: text, message: text });

export const aimlapiGeneration = z.object({
  id: z.string().min(1).max(512),
  status: z.string(),
  video: z.object({ url: z.string(), duration: z.number().nullish().catch(null) }).nullish(),
  error: z.union([said, z.string()]).nullish(),
  meta: z
    .object({ usage: z.object({ credits_used: z.number().nullish() }).nullish() })
    .nullish()
    .catch(null),
});

export type AimlapiGeneration = z.infer<typeof aimlapiGeneration>;

/** Errors come as `{requestId, statusCode, timestamp, path, message}`; older doors wrap theirs in `error`. */
export const aimlapiError = z
  .object({
    requestId: text.catch(null),
    message: z.unknown().optional(),
    error: z.unknown().optional(),
  })
  .refine(({ message, error }) => message !== undefined || error !== undefined);

/** In USD. */
export const aimlapiBilling = z.object({ current_balance: z.number() });
