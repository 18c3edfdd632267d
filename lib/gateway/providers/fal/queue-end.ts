import { chargedOf, type JobOutput, type JobRef, type JobSeen, unknownCost } from '../job-calls';
import { unreadFault } from '../job-unread';
import { brokenFault, type Fault, header, jsonOf, parseAs, readable } from '../outcome';
import { plannedCost, plannedSeconds } from '../planned';
import { unreadable } from '../unreadable';
import type { Answered, UpstreamAnswer } from '../upstream';
import { falError, falFault } from './error';
import { readFiles } from './files';
import { billableUnits, billed } from './pricing';
import type { FalStatus } from './queue-answer';

/** What reading the end of a job takes besides the answer about its result. */
interface End {
  readonly job: JobRef;
  readonly seen: FalStatus;
  readonly key: string;
  readonly baseUrl: string;
  readonly unitPriceUsd: number | null;
}

type Failed = Extract<JobSeen, { kind: 'failed' }>;

/** A job is `COMPLETED` whatever became of it: the model's own status is that of the result. */
export function falEnd(answer: UpstreamAnswer, end: End): JobSeen {
  const { seen, key } = end;
  const saidFailed = seen.error !== undefined && seen.error !== null && seen.error !== '';
  if (answer.kind === 'broken') return unreadFault(brokenFault(answer));
  const { status } = answer;
  if (isCancelled(answer, seen)) return { kind: 'cancelled', charged: chargedOf(billableUnits(answer)) };
  if (status === 200) return saidFailed ? failedBy(answer, statusFault(end), end) : readResult(answer, end);
  const fault = falFault(answer, key);
  if (/still in progress/i.test(fault.message)) return { kind: 'running', phase: 'running', progress: null };
  if (saidFailed && !['auth', 'balance', 'rate_limited'].includes(fault.errorKind)) {
    return failedBy(answer, isTheModels(answer) ? fault : statusFault(end), end);
  }
  if (status === 404) return { kind: 'absent', message: `its result is gone: ${fault.message}` };
  return isTheModels(answer) ? failedBy(answer, fault, end) : unreadFault(fault);
}

function isCancelled({ status, text }: Answered, { error, error_type }: FalStatus): boolean {
  if (status === 499) return true;
  const said = [error_type, typeof error === 'string' ? error : '', status >= 400 ? text.slice(0, 500) : ''].join(' ');
  return /\brequest was cancell?ed\b|\bcancell?ed by\b|^(?:request_)?cancell?ed\b/i.test(said);
}

/** An error of the job, kept and told again, and not one of the server that was asked for it. */
function isTheModels(answer: Answered): boolean {
  const { status } = answer;
  if (status === 401 || status === 402 || status === 403 || status === 408 || status === 429) return false;
  const body = parseAs(falError, answer.text);
  if (body === null) return false;
  if (status < 500) return true;
  return Boolean(body.error_type ?? header(answer.headers['x-fal-error-type'])) || Array.isArray(body.detail);
}

/** As the status alone says it. */
function statusFault({ seen, key }: End): Fault {
  const { error, error_type } = seen;
  const said = typeof error === 'string' ? error : JSON.stringify(error ?? null);
  const isRefusal = /content_policy/i.test(`${error_type} ${said}`);
  const message = readable(`the job failed: ${error_type ? `${error_type}: ` : ''}${said}`, key);
  return { errorKind: isRefusal ? 'content_policy' : 'provider_5xx', message, httpStatus: null, started: 'yes' };
}

function failedBy(answer: Answered, fault: Fault, end: End): Failed {
  const { errorKind, message } = fault;
  const cost = billed(answer, end.unitPriceUsd) ?? unknownCost;
  const httpStatus = answer.status === 200 ? null : answer.status;
  return {
    kind: 'failed',
    errorKind,
    message,
    httpStatus,
    payload: jsonOf(answer.text) ?? null,
    charged: chargedOf(billableUnits(answer)),
    ...cost,
  };
}

function readResult(answer: Answered, end: End): JobSeen {
  const payload = jsonOf(answer.text);
  if (typeof payload !== 'object' || payload === null) return unreadFault(unreadable(answer));
  const outputs = readFiles(payload as Readonly<Record<string, unknown>>, end.baseUrl);
  if (outputs === 'malformed') {
    return failedBy(answer, { ...lost, errorKind: 'malformed', message: 'the address of a result is not https' }, end);
  }
  if (outputs === 'withheld') {
    const message = 'the safety checker withheld every image';
    return failedBy(answer, { ...lost, errorKind: 'content_policy', message }, end);
  }
  if (outputs.length === 0) {
    return failedBy(answer, { ...lost, errorKind: 'empty', message: 'the job ended without a file' }, end);
  }
  const cost = billed(answer, end.unitPriceUsd) ?? plannedCost(end.job.upstream);
  return { kind: 'completed', outputs, payload, units: unitsOf(outputs, end), linksForMs: null, ...cost };
}

const lost = { httpStatus: 200, started: 'yes' } as const;

/** Seconds of what lasts, else how many there are. */
function unitsOf(outputs: readonly JobOutput[], { job }: End): number | null {
  const lasting = outputs.filter(({ kind }) => kind === 'video' || kind === 'audio');
  if (lasting.length === 0) return outputs.length;
  const known = lasting.reduce<number | null>(
    (sum, { seconds }) => (sum === null || !seconds ? null : sum + seconds),
    0,
  );
  return known ?? plannedSeconds(job.upstream);
}
