import type { Fields } from '../../models/image-request';
import { type Accepted, chargedOf, type JobOutput, type JobRef, type JobSeen, unknownCost } from '../job-calls';
import { unread } from '../job-unread';
import { type CallFacts, failure, isFitImageUrl, parseAs } from '../outcome';
import { plannedCost, plannedSeconds } from '../planned';
import type { ProviderResult } from '../provider';
import type { Answered } from '../upstream';
import { type KlingTask, klingEnvelope, klingTask } from './answer';
import { isRefusedText, type Say } from './error';

/** Kling clears away what it made after 30 days. */
const linksForMs = 30 * 24 * 3_600_000;

/** An answer that is well → what it was accepted as. Without an id it may have been, and is found by ours. */
export function readCreated(answer: Answered, facts: CallFacts, upstream: Fields): ProviderResult {
  const task = parseAs(klingTask, answer.text)?.data;
  const providerRequestId = parseAs(klingEnvelope, answer.text)?.request_id ?? null;
  if (!task) {
    const message = 'HTTP 200 without the id of a task';
    return failure(
      { ...facts, providerRequestId },
      { errorKind: 'malformed', message, httpStatus: 200, started: 'unknown' },
    );
  }
  const accepted = { upstreamId: task.task_id, upstream };
  return { ok: true, ...facts, providerRequestId, images: [], ...unknownCost, accepted };
}

/** An answer that is well → what it says of the task. */
export function readTask(answer: Answered, job: JobRef, type: string, baseUrl: string, say: Say): JobSeen {
  const task = parseAs(klingTask, answer.text)?.data;
  if (!task) return unread('malformed', 'HTTP 200 without the agreed JSON');
  const isOurs =
    job.upstreamId === null ? (task.task_info?.external_task_id ?? job.id) === job.id : task.task_id === job.upstreamId;
  if (!isOurs)
    return unread('malformed', `asked for task ${job.upstreamId ?? job.id}, it answered with ${say(task.task_id)}`);
  const accepted: Accepted | undefined =
    job.upstreamId === null ? { upstreamId: task.task_id, upstream: { ...job.upstream, type } } : undefined;
  switch (task.task_status) {
    case 'submitted':
      return { kind: 'running', phase: 'queued', progress: null, accepted };
    case 'processing':
      return { kind: 'running', phase: 'running', progress: null, accepted };
    case 'succeed':
      return completed(task, job, baseUrl, accepted);
    case 'failed': {
      const message = say(task.task_status_msg || 'it failed without a reason');
      return failed(task, isRefusedText(message) ? 'content_policy' : 'provider_5xx', message, accepted);
    }
    default:
      return unread('malformed', `its status is "${say(task.task_status)}", which is none that we know`);
  }
}

function completed(task: KlingTask, { upstream }: JobRef, baseUrl: string, accepted: Accepted | undefined): JobSeen {
  const videos = task.task_result?.videos ?? [];
  if (videos.length === 0) return failed(task, 'empty', 'it succeeded, and no video came of it', accepted);
  if (!videos.every(({ url }) => isFitImageUrl(url, baseUrl))) {
    return failed(task, 'malformed', 'it succeeded, and a video has no https address', accepted);
  }
  const outputs = videos.map(({ url, duration }): JobOutput => {
    return { url, kind: 'video', contentType: 'video/mp4', seconds: numberOf(duration) ?? undefined };
  });
  const seconds = outputs.map((output) => output.seconds);
  const made = seconds.every((each) => each !== undefined) ? seconds.reduce((sum, each) => sum + each, 0) : null;
  const units = made ?? plannedSeconds(upstream);
  return { kind: 'completed', outputs, payload: task, units, linksForMs, ...plannedCost(upstream), accepted };
}

function failed(
  task: KlingTask,
  errorKind: Extract<JobSeen, { kind: 'failed' }>['errorKind'],
  message: string,
  accepted: Accepted | undefined,
): JobSeen {
  const charged = chargedOf(numberOf(task.final_unit_deduction));
  return { kind: 'failed', errorKind, message, httpStatus: 200, payload: task, charged, ...unknownCost, accepted };
}

function numberOf(text: string | number | null | undefined): number | null {
  const value = text === null || text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : null;
}
