import { hash } from 'node:crypto';
import type { z } from 'zod';
import type { generateAnswer } from '@/lib/api/answers/data-plane';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { End } from '@/lib/gateway/request/deduplicate';
import type { Generated } from '@/lib/gateway/request/ending';
import { generate } from '@/lib/gateway/request/generate';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import { parseJson } from '@/lib/http/body/read-body';
import type { Incoming, Outgoing } from '@/lib/http/message';
import { Problem, problemResponse } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import type { Caller } from '@/lib/registry/callers/caller';
import type { CallerHandler } from '../callers';
import { splitHeaders, splitOf } from '../split-of';
import { problemOf, refusalOf } from './generate-problem';
import { readGenerate, refuseModel, textFault, type Wanted } from './generate-request';

/** An answer as it is stored under an idempotency key: everything but what belongs to this one delivery. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Asked = Wanted & {
  readonly wantsBytes?: boolean;
  /** The model as the caller wrote it, where that is another name of the usual one. */
  readonly named?: string | undefined;
};

/** How one door reads what is wanted and writes what happened: ours, or OpenAI's. */
export interface Shape {
  read(body: unknown): Asked;
  /** With the images' addresses, never with their bytes: this is what is kept for a replay. */
  write(generated: Generated, requestId: string): Answer;
  /** Where the images' bytes may be wanted in the answer. */
  readonly bytes?: Bytes;
}

interface Bytes {
  /** Throws when there is no room for the bytes of n images: nothing is made that could not be given. */
  hasRoom(n: number): Promise<void>;
  /** The same answer with the images' bytes in it, read from their addresses; `isKept`: it can be asked for again. */
  add(answer: Answer, isKept: boolean): Promise<Outgoing>;
}

export function generateHandler(plane: DataPlane): CallerHandler {
  const shape: Shape = {
    read: readGenerate,
    write: respond,
  };
  return (incoming, caller, spend) => handleGenerate(plane, shape, { incoming, caller, spend });
}

interface Call {
  readonly incoming: Incoming;
  readonly caller: Caller;
  readonly spend: Parameters<CallerHandler>[2];
}

export async function handleGenerate(plane: DataPlane, shape: Shape, call: Call): Promise<Outgoing> {
  const { incoming, caller, spend } = call;
  const asked = shape.read(parseJson(incoming).value);
  // The request itself is one already.
  spend?.(asked.n - 1);
  const { split: said, named, model } = asked;
  const split = splitOf(plane, incoming, { kind: 'image', split: said, model: named ?? model });
  refuseModel(model, (name) => split.modelFault(name));
  const awake = plane.wake();
  if (awake) await awake;
  const { requestId } = incoming;
  const job: Job = { plane, shape, asked, split, requestId, caller: caller.name };
  const key = incoming.header('idempotency-key');
  if (key !== null) return deduplicated(job, key, incoming);
  return inForm(job, shape.write(await run(job), requestId), false);
}

/** As the caller wants it: with addresses, or with bytes. */
async function inForm(job: Job, answer: Answer, isKept: boolean): Promise<Outgoing> {
  const bytes = bytesOf(job);
  return bytes && answer.status === 200 ? bytes.add(answer, isKept) : answer;
}

function bytesOf({ shape, asked }: Job): Bytes | undefined {
  return asked.wantsBytes ? shape.bytes : undefined;
}

/** One request for images, read. */
interface Job {
  readonly plane: DataPlane;
  readonly shape: Shape;
  readonly asked: Asked;
  readonly split: LiveSplit;
  readonly requestId: string;
  readonly caller: string;
}

async function run(job: Job): Promise<Generated> {
  const { plane, asked, split, requestId, caller } = job;
  const { user, prompt, model, width, height, n } = asked;
  const bytes = bytesOf(job);
  if (bytes) await bytes.hasRoom(n);
  const request = { prompt, model, width, height, n, requestId, caller };
  const generated = await generate(plane.generate, split, request, user);
  const { ending, arm } = generated;
  if (ending.kind === 'done') {
    const { provider } = ending.result;
    plane.recent.add(requestId, { provider, caller, split: split.key, arm: arm.name });
  }
  return generated;
}

async function deduplicated(job: Job, key: string, incoming: Incoming): Promise<Outgoing> {
  const fault = textFault(key, 255);
  if (fault) throw new Problem(422, 'idempotency-key-invalid', `The Idempotency-Key ${fault}.`);
  const { plane, shape, asked, requestId } = job;
  const { wantsBytes, named, split, ...rest } = asked;
  // The split counts as it was asked for, by either way; what was asked for without one stays what it was.
  const slug = split ?? incoming.header('x-sluice-split');
  const wanted = slug === null ? rest : { ...rest, split: slug };
  // The key is the caller's, by whatever header the caller was known.
  const keyHash = digest(job.caller, key);
  const ids = { keyHash, bodyHash: digest(incoming.path, JSON.stringify(wanted)), requestId };
  const outcome = await plane.deduplicator.run<Answer>(ids, async () => {
    const generated = await run(job);
    return endOf(generated, shape.write(generated, requestId));
  });
  const headers: Record<string, string> = outcome.keptIn === 'memory' ? { 'idempotency-store': 'memory' } : {};
  if (outcome.kind === 'fresh') return inForm(job, withHeaders(outcome.end.response, headers), true);
  if (outcome.kind !== 'replayed') throw refusalOf(outcome.kind, headers);
  const kept = withHeaders(outcome.response, { ...headers, 'idempotency-replayed': 'true' });
  return inForm(job, kept, true).catch((cause: unknown) => {
    throw cause instanceof Problem && cause.code === 'image-unreadable'
      ? refusalOf('forgotten', headers, cause)
      : cause;
  });
}

function endOf({ ending }: Generated, response: Answer): End<Answer> {
  const state =
    ending.kind === 'done' || ending.kind === 'refused' ? 'done' : ending.kind === 'unknown' ? 'unknown' : 'nothing';
  return { state, status: response.status, response };
}

function withHeaders(answer: Answer, more: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...more } };
}

/** The answer in our own shape. */
function respond(generated: Generated, requestId: string): Answer {
  const { ending } = generated;
  const headers = answerHeaders(generated, requestId);
  if (ending.kind !== 'done') return problemResponse(problemOf(generated, headers), requestId);
  const { provider, images, costUsd, model, costBasis } = ending.result;
  const answer: z.infer<typeof generateAnswer> = {
    request_id: requestId,
    provider,
    images: images.map(({ url, width, height, contentType }) => ({ url, width, height, content_type: contentType })),
    cost_usd: costUsd,
    latency_ms: Math.round(generated.latencyMs * 10) / 10,
    attempts: [...generated.attempts],
    weights_version: generated.weightsVersion,
    model,
    cost_basis: costBasis,
  };
  return json(200, answer, headers);
}

function digest(...parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts));
}

/** What every answer to a request for images says of how it came about. */
export function answerHeaders(generated: Generated, requestId: string): Record<string, string> {
  return { 'x-request-id': requestId, 'server-timing': serverTiming(generated), ...splitHeaders(generated) };
}

function serverTiming({ attempts, latencyMs }: Generated): string {
  let provider = 0;
  let queue = 0;
  for (const { latency_ms, queued_ms } of attempts) {
    provider += latency_ms ?? 0;
    queue += queued_ms ?? 0;
  }
  const own = Math.max(0, latencyMs - provider - queue).toFixed(2);
  const waited = queue > 0 ? `queue;dur=${queue.toFixed(1)}, ` : '';
  return `provider;dur=${provider.toFixed(1)}, ${waited}sluice;dur=${own}`;
}
