import { z } from 'zod';

const text = z.string().max(4096).nullish().catch(null);

/** What `getResponse` says of many tasks at once, in `data` and in `errors`. Unknown members are dropped. */
export const runwareTasks = z.object({
  data: z
    .array(
      z.object({
        taskUUID: text,
        /** `processing`, `pending`, `success` or `error`; left out where the result itself stands here. */
        status: text,
        progress: z.number().nullish().catch(null),
        error: z.unknown().optional(),
        ...{ videoURL: text, imageURL: text, audioURL: text, mediaURL: text, thumbnailURL: text },
        cost: z.number().nonnegative().max(10_000).nullish().catch(null),
        NSFWContent: z.boolean().nullish().catch(null),
        seed: z.unknown().optional(),
      }),
    )
    .max(2000)
    .nullish(),
  errors: z
    .array(
      z.object({
        ...{ taskUUID: text, taskType: text, code: text },
        message: z
          .union([z.string(), z.array(z.string())])
          .nullish()
          .catch(null),
      }),
    )
    .max(2000)
    .nullish(),
});

type RunwareTasks = z.infer<typeof runwareTasks>;
export type SeenItem = NonNullable<RunwareTasks['data']>[number];
export type SeenError = NonNullable<RunwareTasks['errors']>[number];
