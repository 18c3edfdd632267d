import { z } from 'zod';

const task = { taskType: z.string().nullish(), taskUUID: z.string().nullish() };

/** `data` and `errors` may come together, with any status. Unknown members are dropped. */
export const runwareAnswer = z.object({
  data: z
    .array(
      z.object({
        ...task,
        imageUUID: z.string().max(128).nullish(),
        imageURL: z.string().nullish(),
        /** A cost that cannot be one is not known; the image is as good as ever. */
        cost: z.number().nonnegative().max(1000).nullish().catch(null),
        NSFWContent: z.boolean().nullish(),
        /** Judged where it is read. */
        seed: z.unknown().optional(),
        balance: z.number().nullish(),
      }),
    )
    .max(64)
    .nullish(),
  errors: z
    .array(
      z.object({
        ...task,
        code: z.string().nullish(),
        message: z.union([z.string(), z.array(z.string())]).nullish(),
        parameter: z.unknown().optional(),
      }),
    )
    .max(64)
    .nullish(),
});

type RunwareAnswer = z.infer<typeof runwareAnswer>;
export type RunwareError = NonNullable<RunwareAnswer['errors']>[number];
export type RunwareItem = NonNullable<RunwareAnswer['data']>[number];
