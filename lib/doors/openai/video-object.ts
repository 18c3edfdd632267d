import type { z } from 'zod';
import type { videoAnswer } from '@/lib/api/answers/videos';
import { isEnd } from '@/lib/jobs/job-state';
import { type JobView, publicFault, publicStatus } from '@/lib/jobs/job-view';

type Video = z.infer<typeof videoAnswer>;

const start = 'video_';
const written = /^video_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

export const videoId = (job: string) => start + job.replaceAll('-', '');

/** The id of its job; null: it is no id of a video here. */
export function jobIdOf(video: string): string | null {
  const parts = written.exec(video);
  return parts?.slice(1).join('-') ?? null;
}

/** A job in the shape of OpenAI's, with no other status than OpenAI's four: its clients take another for an end. */
export function videoOf(job: JobView): Video {
  const { id, model, state, progress, request, remixOf, createdAt, endedAt, expiresAt } = job;
  const status = publicStatus(state);
  const part = status === 'completed' ? 1 : (progress ?? 0);
  return {
    id: videoId(id),
    object: 'video',
    model,
    status,
    progress: Math.floor(part * 100),
    created_at: secondsOf(createdAt),
    completed_at: endedAt && secondsOf(endedAt),
    expires_at: expiresAt && secondsOf(expiresAt),
    error: publicFault(job),
    prompt: typeof request.prompt === 'string' ? request.prompt : null,
    seconds: lengthOf(job),
    size: sizeOf(job),
    remixed_from_video_id: remixOf && videoId(remixOf),
  };
}

const secondsOf = (at: Date) => Math.floor(at.getTime() / 1000);

/** As it was made, else as it was asked for. */
function lengthOf({ outputs, request }: JobView): string | null {
  const said = outputs[0]?.seconds ?? request.duration;
  return typeof said === 'number' ? String(said) : null;
}

function sizeOf({ outputs: [made], request }: JobView): string | null {
  if (made?.width !== undefined && made.height !== undefined) return `${made.width}x${made.height}`;
  const { width, height } = request;
  return typeof width === 'number' && typeof height === 'number' ? `${width}x${height}` : null;
}

/** How soon asking again may teach anything. */
export function pollAfter({ state, createdAt }: JobView, nowMs: number): Record<string, string> {
  if (isEnd(state)) return {};
  const ageMs = nowMs - createdAt.getTime();
  return { 'openai-poll-after-ms': String(Math.round(Math.min(10_000, Math.max(1000, ageMs / 10)))) };
}
