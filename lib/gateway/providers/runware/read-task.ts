import type { JobCost, JobOutput, JobRef, JobSeen, OutputKind } from '../job-calls';
import { unread, unreadFault } from '../job-unread';
import { type Fault, isFitImageUrl, readable } from '../outcome';
import { plannedSeconds } from '../planned';
import type { Answered } from '../upstream';
import { runwareFault } from './error';
import type { SeenError, SeenItem } from './job-answer';

/** What an answer says of one of the tasks that were asked for. */
interface SeenTask {
  readonly job: JobRef;
  readonly items: readonly SeenItem[];
  /** Of this task, or of the whole call. */
  readonly error: SeenError | null;
  readonly answer: Answered;
  /** The call was refused: what it does not name is not known. */
  readonly isRefused: boolean;
  readonly key: string;
  readonly baseUrl: string;
}

const notKnown = /notfound|notexist|unknowntask|expired/i;
const underWay: ReadonlySet<string> = new Set(['processing', 'pending', 'queued']);

export function readTask(task: SeenTask): JobSeen {
  const { job, items, error, answer, isRefused, key } = task;
  const failed = items.find(({ status }) => status === 'error') ?? null;
  if (error || failed) return readError(task, error ?? errorOf(failed));
  if (items.length === 0) {
    return isRefused
      ? unreadFault(runwareFault(answer, null, key))
      : { kind: 'absent', message: 'the answer says nothing of this task' };
  }
  const found = job.upstreamId === null ? { accepted: { upstreamId: job.id, upstream: {} } } : {};
  const waiting = items.filter(
    ({ status, ...item }) => underWay.has(status ?? '') || (!status && linkOf(item) === null),
  );
  if (waiting.length > 0) return { ...runningOf(waiting, items), ...found };
  const odd = items.find(({ status }) => status && status !== 'success')?.status;
  if (odd) return unread('malformed', `a task in the status "${readable(odd, key).slice(0, 40)}", which is not known`);
  return { ...readResults(task), ...found };
}

/** An item that failed says it itself, in older answers. */
function errorOf(item: SeenItem | null): SeenError {
  const { code, message } = (typeof item?.error === 'object' && item.error ? item.error : {}) as Record<
    string,
    unknown
  >;
  return {
    taskUUID: item?.taskUUID,
    code: typeof code === 'string' ? code : 'failed',
    message: typeof message === 'string' ? message : null,
  };
}

/** As the vendor tells it, though it may fall; of several results the one that is least far. */
function runningOf(waiting: readonly SeenItem[], items: readonly SeenItem[]): JobSeen {
  const told = items.flatMap(({ progress }) => (typeof progress === 'number' ? [progress] : []));
  const progress = told.length === 0 ? null : Math.max(0, Math.min(1, Math.min(...told) / 100));
  const isQueued = waiting.length === items.length && items.every(({ status }) => status !== 'processing' && status);
  return { kind: 'running', phase: isQueued ? 'queued' : 'running', progress };
}

function readError(task: SeenTask, error: SeenError): JobSeen {
  const { answer, key, items } = task;
  const fault = runwareFault({ ...answer, status: 200 }, { ...error, parameter: undefined }, key);
  // The vendor's word of a look, and not of the job.
  if (['auth', 'rate_limited'].includes(fault.errorKind)) return unreadFault({ ...fault, httpStatus: answer.status });
  if (items.length === 0 && notKnown.test(error.code ?? '')) return { kind: 'absent', message: fault.message };
  if (error.taskUUID == null) return unreadFault(fault);
  return failedBy(task, { ...fault, ...(fault.errorKind === 'rejected' ? kindOf(error) : {}) });
}

/** What the code does not tell is a failure of the provider: the request itself was accepted long ago. */
function kindOf({ code }: SeenError): Pick<Fault, 'errorKind'> {
  return { errorKind: /^(?:invalid|missing|unsupported|conflict)/i.test(code ?? '') ? 'rejected' : 'provider_5xx' };
}

function failedBy({ items, error, answer }: SeenTask, { errorKind, message }: Fault): JobSeen {
  const cost = costOf(items);
  const charged = cost.costUsd === null ? 'unknown' : cost.costUsd > 0 ? 'yes' : 'no';
  const payload = { data: items, errors: error ? [error] : [] };
  return { kind: 'failed', errorKind, message, httpStatus: answer.status, payload, charged, ...cost };
}

function readResults(task: SeenTask): JobSeen {
  const { items, baseUrl, job } = task;
  const lost = { httpStatus: 200, started: 'yes' } as const;
  const made = items.flatMap((item) => linkOf(item) ?? []);
  if (made.length === 0)
    return failedBy(task, { ...lost, errorKind: 'empty', message: 'the task ended without a result' });
  if (!made.every(({ url }) => isFitImageUrl(url, baseUrl))) {
    return failedBy(task, { ...lost, errorKind: 'malformed', message: 'the address of a result is not https' });
  }
  const outputs = items.filter(({ NSFWContent }) => NSFWContent !== true).flatMap((item) => linkOf(item) ?? []);
  if (outputs.length === 0) {
    return failedBy(task, {
      ...lost,
      errorKind: 'content_policy',
      message: 'the content filter withheld every result',
    });
  }
  const isImages = outputs.every(({ kind }) => kind === 'image');
  const units = isImages ? outputs.length : plannedSeconds(job.upstream);
  return { kind: 'completed', outputs, payload: { data: items }, units, linksForMs: null, ...costOf(items) };
}

function linkOf(item: Omit<SeenItem, 'status'>): JobOutput | null {
  const { videoURL, imageURL, audioURL, mediaURL, thumbnailURL } = item;
  const of = (url: string, kind: OutputKind, contentType: string | null): JobOutput => ({ url, kind, contentType });
  if (videoURL)
    return { ...of(videoURL, 'video', 'video/mp4'), ...(thumbnailURL ? { thumbnailUrl: thumbnailURL } : {}) };
  if (imageURL) return of(imageURL, 'image', null);
  if (audioURL) return of(audioURL, 'audio', null);
  return mediaURL ? of(mediaURL, 'file', null) : null;
}

function costOf(items: readonly SeenItem[]): JobCost {
  const isPriced = items.length > 0 && items.every(({ cost }) => typeof cost === 'number');
  if (!isPriced) return { costUsd: null, costBasis: 'unknown' };
  return { costUsd: items.reduce((sum, { cost }) => sum + (cost ?? 0), 0), costBasis: 'billed' };
}
