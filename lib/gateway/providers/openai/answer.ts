import { z } from 'zod';

/** Bytes or an address, whichever the server gives. Unknown members are dropped. */
export const openaiImages = z.object({
  data: z.array(z.object({ b64_json: z.string().nullish(), url: z.string().nullish() })).max(64),
});

export const openaiError = z.object({
  error: z.object({
    message: z.string().nullish(),
    type: z.string().nullish(),
    code: z.union([z.string(), z.number()]).nullish(),
  }),
});
