import { z } from 'zod';

const text = z.string().nullish();
const idText = z.union([z.string().min(1).max(512), z.number()]).transform(String);

/** What every answer of Kling's is wrapped in; 0 is well. */
export const klingEnvelope = z.object({
  code: z.union([z.number(), z.string().regex(/^\d+$/)]).transform(Number),
  message: text,
  request_id: text,
});

export const klingTask = z.object({
  data: z.object({
    task_id: idText,
    task_status: z.string(),
    task_status_msg: text,
    task_info: z.object({ external_task_id: text }).nullish(),
    task_result: z
      .object({
        videos: z
          .array(
            z.object({
              url: z.string(),
              duration: z.union([z.string(), z.number()]).nullish().catch(null),
            }),
          )
          .nullish(),
      })
      .nullish(),
    final_unit_deduction: z.union([z.string(), z.number()]).nullish().catch(null),
  }),
});

export type KlingTask = z.infer<typeof klingTask>['data'];
