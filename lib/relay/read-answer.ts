import { chargedOf, type JobOutput, type JobSeen } from '@/lib/gateway/providers/job-calls';
import { unread } from '@/lib/gateway/providers/job-unread';
import { excerpt } from '@/lib/kernel/excerpt';
import { oneLine } from '@/lib/kernel/plain-text';
import type { Dialect, Phase, Pointer, Reading } from '@/lib/registry/dialects/dialect';
import { allAt, readPointer, textsAt } from './pointer';

/** An answer as far as it was read; `body` is undefined where it is no JSON. */
interface ReadAnswer {
  readonly status: number;
  readonly body: unknown;
}

const longestMessage = 300;

/** What an answer to a poll says of one job of it; what cannot be read says nothing, and never that the job is done. */
export function seenOf({ reading }: Pick<Dialect, 'reading'>, { status, body }: ReadAnswer, id: string): JobSeen {
  if (reading === null) return unread('malformed', 'nothing is a job in this dialect');
  if (isNotYet(reading, body)) return { kind: 'absent', message: 'it is not there yet' };
  if (saysOneOf(reading.failed, body)) return failed(reading, undefined, body, status);
  if (status === 404 || status === 410) return { kind: 'absent', message: `HTTP ${status}` };
  const said = `HTTP ${status}${after(messageOf(reading, undefined, body))}`;
  if (status === 401 || status === 403) return unread('auth', said);
  if (status === 429) return unread('rate_limited', said);
  if (status >= 500) return unread('provider_5xx', said);
  if (status >= 300) return unread('rejected', said);
  if (body === undefined) return unread('malformed', `HTTP ${status} without JSON`);
  if (!isWell(reading, body))
    return unread('rejected', `its answer says that it is not well${after(messageOf(reading, undefined, body))}`);
  return seenOfTask(reading, body, status, id);
}

function seenOfTask(reading: Reading, body: unknown, status: number, id: string): JobSeen {
  const lost = reading.failures === undefined ? undefined : taskIn(reading, allAt(body, reading.failures), id);
  if (lost !== undefined) return failed(reading, lost, body, status);
  const tasks = reading.task.flatMap((at) => allAt(body, at)).filter(isObject);
  const task = taskIn(reading, tasks, id);
  if (task === undefined) return unread('malformed', 'its answer says nothing of this job');
  const word = reading.state.flatMap((at) => textsAt(task, at))[0];
  if (word === undefined) return unread('malformed', 'its answer names no state');
  const known = word.toLowerCase();
  const phase = Object.hasOwn(reading.words, known) ? reading.words[known] : undefined;
  if (phase === undefined) return unread('malformed', `its state is "${excerpt(word)}", which is none that we know`);
  return seenAs(phase, reading, task, { body, status });
}

function seenAs(phase: Phase, reading: Reading, task: unknown, { body, status }: ReadAnswer): JobSeen {
  switch (phase) {
    case 'queued':
    case 'running':
      return { kind: 'running', phase, progress: progressOf(reading, task) };
    case 'absent':
      return { kind: 'absent', message: messageOf(reading, task, body) ?? 'it says so' };
    case 'cancelled':
      return { kind: 'cancelled', charged: chargedOf(amountOf(reading, task)) };
    case 'failed':
      return failed(reading, task, body, status);
    case 'completed': {
      if (reading.failedIf !== undefined && isThere(task, reading.failedIf)) return failed(reading, task, body, status);
      const outputs = outputsOf(reading, task);
      // The price is that of the whole job, whatever units the vendor counts in.
      return { kind: 'completed', outputs, payload: task, units: 1, linksForMs: null, ...costOf(reading, task) };
    }
  }
}

/** In a list the task is found by its id; a single task needs none. */
function taskIn(reading: Reading, found: readonly unknown[], id: string): unknown {
  const tasks = found.flatMap((each) => (Array.isArray(each) ? each : [each])).filter(isObject);
  const named = tasks.find((task) => reading.id.some((at) => textsAt(task, at).includes(id)));
  if (named !== undefined) return named;
  return tasks.find((task) => !Array.isArray(task) && !reading.id.some((at) => textsAt(task, at).length > 0));
}

function failed(reading: Reading, task: unknown, body: unknown, status: number): JobSeen {
  const message = messageOf(reading, task, body) ?? 'it failed without a reason';
  const cost = costOf(reading, task);
  const charged = chargedOf(amountOf(reading, task));
  const errorKind = isRefused.test(message) ? ('content_policy' as const) : ('provider_5xx' as const);
  return { kind: 'failed', errorKind, message, httpStatus: status, payload: task ?? body, charged, ...cost };
}

const isRefused = /content.?polic|moderat|safety|sensitive|risk not pass|inappropriate/i;

function messageOf({ error }: Reading, task: unknown, body: unknown): string | null {
  const said = error.flatMap((at) => textsAt(task, at))[0] ?? error.flatMap((at) => textsAt(body, at))[0];
  const plain = said && oneLine(said);
  return plain ? plain.slice(0, longestMessage) : null;
}

/** Whether an answer that says so is well; one that says nothing of it is. */
export function isWell({ isOk }: Reading, body: unknown): boolean {
  return isOk === undefined || readPointer(body, isOk.at) === undefined || saysOneOf(isOk, body);
}

function isNotYet({ notYet }: Reading, body: unknown): boolean {
  return notYet?.at.some((at) => textsAt(body, at).some((text) => notYet.is.includes(text))) === true;
}

interface Says {
  readonly at: Pointer;
  readonly is: readonly (string | number)[];
}

function saysOneOf(rule: Says | undefined, body: unknown): boolean {
  if (rule === undefined) return false;
  const said = readPointer(body, rule.at);
  const word = typeof said === 'string' ? said.toLowerCase() : said;
  return rule.is.some((each) => each === said || String(each) === word);
}

function isThere(task: unknown, at: Pointer): boolean {
  const found = readPointer(task, at);
  return found !== undefined && found !== null && found !== '';
}

/** From 0 to 1, from 0 to 100, or as "37%". */
function progressOf({ progress }: Reading, task: unknown): number | null {
  const found = progress === undefined ? undefined : readPointer(task, progress);
  const value =
    typeof found === 'string' && /^\d{1,3}(?:\.\d+)?%$/.test(found) ? Number.parseFloat(found) / 100 : found;
  if (typeof value !== 'number' || !(value >= 0) || value > 100) return null;
  return value > 1 ? value / 100 : value;
}

function outputsOf({ outputs, kind }: Reading, task: unknown): readonly JobOutput[] {
  const urls = outputs
    .flatMap((at) => textsAt(task, at))
    .filter((url) => /^https?:\/\//.test(url) && url.length <= 2048);
  return urls.map((url) => ({ url, kind, contentType: null }));
}

function amountOf({ cost }: Reading, task: unknown): number | null {
  const [said] = cost?.at.flatMap((at) => allAt(task, at)) ?? [];
  const amount = typeof said === 'string' && said !== '' ? Number(said) : said;
  return typeof amount === 'number' && Number.isFinite(amount) && amount >= 0 ? amount : null;
}

function costOf(reading: Reading, task: unknown) {
  const amount = amountOf(reading, task);
  const usdPer = reading.cost?.usdPer ?? null;
  if (amount === null || usdPer === null) return { costUsd: null, costBasis: 'unknown' } as const;
  return { costUsd: amount * usdPer, costBasis: 'billed' } as const;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const after = (message: string | null) => (message === null ? '' : `: ${message}`);
