import type { z } from 'zod';
import type { falQueueStatus } from '@/lib/api/answers/fal-queue';
import { appOf } from '@/lib/gateway/providers/fal/queue-address';
import type { JobOutput } from '@/lib/gateway/providers/job-calls';
import { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import { type JobView, publicFault, publicStatus } from '@/lib/jobs/job-view';
import type { Answer } from '../sluice/answer-once';
import { falProblem } from './fal-problem';
import { urlsOf } from './queue-call';

type QueueStatus = z.infer<typeof falQueueStatus>;

const words = { queued: 'IN_QUEUE', in_progress: 'IN_PROGRESS', completed: 'COMPLETED', failed: 'COMPLETED' } as const;

/** A job as FAL's queue tells of it: one that failed is completed, with an error. */
export function statusOf(job: JobView, origin: string, wantsLogs: boolean): QueueStatus {
  const { id, model, queuePosition, logs, startedAt, endedAt, acceptedAt, createdAt } = job;
  const status = words[publicStatus(job.state)];
  const fault = publicFault(job);
  const began = startedAt ?? acceptedAt ?? createdAt;
  return {
    status,
    request_id: id,
    // Its clients in Python read these from every answer.
    queue_position: status === 'IN_QUEUE' ? (queuePosition ?? 0) : 0,
    logs: wantsLogs ? [...logs] : [],
    ...(status === 'COMPLETED' && {
      metrics: { inference_time: endedAt && (endedAt.getTime() - began.getTime()) / 1000 },
    }),
    ...(fault && { error: fault.message, error_type: errorTypeOf(fault.code) }),
    ...urlsOf(origin, appOf(model), id),
  };
}

function errorTypeOf(code: string): string {
  if (code === 'content_policy') return 'content_policy_violation';
  if (code === 'expired' || code === 'timeout') return 'request_timeout';
  return code === 'cancelled' ? 'client_cancelled' : 'runner_server_error';
}

/** What the model answered: its own words where FAL made it, else the same in FAL's shape. */
export function resultOf(job: JobView, headers: Readonly<Record<string, string>>): Answer {
  const { adapter, payload, httpStatus } = job;
  const isFal = adapter === 'fal' && typeof payload === 'object' && payload !== null;
  const status = publicStatus(job.state);
  if (status === 'completed') return json(200, isFal ? payload : madeOf(job.outputs), headers);
  const fault = publicFault(job);
  // Its clients know an unfinished job by these words.
  if (fault === null) throw new Problem(400, 'still-in-progress', 'Request is still in progress', { headers });
  if (isFal && httpStatus !== null && httpStatus >= 400) return json(httpStatus, payload, headers);
  if (fault.code === 'content_policy')
    return falProblem(new Problem(422, 'content-policy', fault.message, { headers }), job.id);
  const body = {
    detail: fault.message,
    error_type: errorTypeOf(fault.code),
    message: fault.message,
    request_id: job.id,
  };
  return json(fault.code === 'cancelled' ? 499 : 500, body, { ...headers, 'x-fal-error-type': body.error_type });
}

const names = {
  video: ['video', 'videos'],
  image: ['image', 'images'],
  audio: ['audio', 'audios'],
  file: ['file', 'files'],
} as const;

function madeOf(outputs: readonly JobOutput[]): Record<string, unknown> {
  const answer: Record<string, unknown> = {};
  for (const kind of ['video', 'image', 'audio', 'file'] as const) {
    const files = outputs.filter((each) => each.kind === kind).map(fileOf);
    const [one, many] = names[kind];
    if (kind === 'image' ? files.length > 0 : files.length > 1) answer[many] = files;
    if (kind !== 'image' && files.length > 0) answer[one] = files[0];
  }
  return answer;
}

function fileOf({ url, contentType, width, height, seconds, bytes }: JobOutput) {
  return {
    url,
    ...(contentType !== null && { content_type: contentType }),
    ...(nameIn(url) !== null && { file_name: nameIn(url) }),
    ...(bytes !== undefined && { file_size: bytes }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(seconds !== undefined && { duration: seconds }),
  };
}

function nameIn(url: string): string | null {
  const last = URL.canParse(url) ? new URL(url).pathname.split('/').at(-1) : undefined;
  return last !== undefined && /\.\w{2,5}$/.test(last) ? last : null;
}
