import { z } from 'zod';

const instant = z.int().nullable().describe('seconds since 1970');

export const videoAnswer = z.object({
  id: z.string(),
  object: z.literal('video'),
  model: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed', 'failed']),
  progress: z.int().describe('0 to 100'),
  created_at: z.int(),
  completed_at: instant,
  expires_at: instant.describe("when its provider's links die, where that is known"),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  prompt: z.string().nullable(),
  seconds: z.string().nullable().describe('null: the model decides'),
  size: z.string().nullable().describe('"1280x720"; null: the model decides'),
  remixed_from_video_id: z.string().nullable(),
});

export const videosAnswer = z.object({
  object: z.literal('list'),
  data: z.array(videoAnswer),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
});

export const videoDeletedAnswer = z.object({
  id: z.string(),
  object: z.literal('video.deleted'),
  deleted: z.literal(true),
});
