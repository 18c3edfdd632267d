import type { z } from 'zod';
import type { generateAnswer } from '@/lib/api/answers/data-plane';
import type { ImageRequest } from '@/lib/gateway/models/image-request';
import type { Models } from '@/lib/gateway/models/models';
import type { Way } from '@/lib/gateway/models/way';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { End } from '@/lib/gateway/request/deduplicate';
import type { Generated } from '@/lib/gateway/request/ending';
import { generate } from '@/lib/gateway/request/generate';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import { parseJson } from '@/lib/http/body/read-body';
import { parse } from '@/lib/http/body/read-fields';
import type { Incoming, Outgoing } from '@/lib/http/message';
import { Problem, problemResponse } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import type { Caller } from '@/lib/registry/callers/caller';
import type { CallerHandler } from '../callers';
import { idempotencyKeyOf } from '../idempotency-key';
import { refuseUnfit, requireModelsOf, splitHeaders, splitOf, wayAt } from '../split-of';
import { type Answer, answerOnce } from './answer-once';
import { problemOf, refusalOf } from './generate-problem';
import { generateBody, wantedOf } from './generate-request';
import { readGood, type Wanted } from './plain-request';

type Asked = Wanted & {
  readonly wantsBytes?: boolean;
  /** The model as the caller wrote it, where that is another name of the usual one. */
  readonly named?: string | undefined;
};

/** How one door reads what is wanted and writes what happened: ours, or OpenAI's. */
export interface Shape {
  /** Left out: the body is JSON. */
  parse?(incoming: Incoming): Promise<unknown>;
  read(body: unknown, models: Models): Asked;
  /** Refuses what only this door knows to be unfit, before anybody is asked. */
  fit?(request: ImageRequest): Promise<void> | undefined;
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

/** The short way, for nearly all; else by the schema. */
export function readGenerate(body: unknown): Wanted {
  return readGood(body) ?? wantedOf(parse(generateBody, body));
}

interface Call {
  readonly incoming: Incoming;
  readonly caller: Caller;
  readonly spend: Parameters<CallerHandler>[2];
}

export async function handleGenerate(plane: DataPlane, shape: Shape, call: Call): Promise<Outgoing> {
  const { incoming, caller, spend } = call;
  const asked = shape.read(shape.parse ? await shape.parse(incoming) : parseJson(incoming).value, plane.splits.models);
  incoming.letGo?.();
  // The request itself is one already.
  spend?.(asked.n - 1);
  const { split: said, named, wantsBytes } = asked;
  const split = splitOf(plane, incoming, { kind: 'image', split: said, model: named ?? asked.model });
  requireModelsOf(split, caller, asked.model);
  const { requestId } = incoming;
  const request = requestOf(asked, requestId, caller.name);
  const judged = refuseUnfit(plane, request);
  if (judged) await judged;
  const fitting = shape.fit?.(request);
  if (fitting) await fitting;
  const awake = plane.wake();
  if (awake) await awake;
  // What no arm can be told is refused before a key is claimed for it.
  const way = wayAt(split, request);
  const job: Job = { plane, shape, asked, split, request, way, bytes: wantsBytes ? shape.bytes : undefined };
  const key = incoming.header('idempotency-key');
  if (key !== null) return deduplicated(job, key, incoming);
  return inForm(job, shape.write(await run(job), requestId), false);
}

/** As the caller wants it: with addresses, or with bytes. */
function inForm({ bytes }: Job, answer: Answer, isKept: boolean): Outgoing | Promise<Outgoing> {
  return bytes && answer.status === 200 ? bytes.add(answer, isKept) : answer;
}

/** Written out, member by member: every request passes here, and taking members out of an object is slow. */
export function requestOf(asked: Wanted, requestId: string, caller: string): Job['request'] {
  const { prompt, model, n, width, height, aspectRatio, params, options, raw, leftOut } = asked;
  return { prompt, model, n, width, height, aspectRatio, params, options, raw, leftOut, requestId, caller };
}

/** One request for images, read. */
interface Job {
  readonly plane: DataPlane;
  readonly shape: Shape;
  readonly asked: Asked;
  readonly split: LiveSplit;
  readonly request: ImageRequest & { readonly caller: string };
  readonly way: Way;
  /** Where they are wanted. */
  readonly bytes: Bytes | undefined;
}

async function run({ plane, asked, split, request, way, bytes }: Job): Promise<Generated> {
  const { requestId, caller } = request;
  if (bytes) await bytes.hasRoom(asked.n);
  // Asked again: while it waited an arm may have been taken back, and a pinned request is sent to no such one.
  const generated = await generate(plane.generate, split, request, asked.user, wayAt(split, request, way));
  const { ending, arm } = generated;
  if (ending.kind === 'done') {
    const { provider } = ending.result;
    plane.recent.add(requestId, { provider, caller, split: split.key, arm: arm.name });
  }
  return generated;
}

async function deduplicated(job: Job, key: string, incoming: Incoming): Promise<Outgoing> {
  const { plane, shape, asked, request } = job;
  const { requestId, caller } = request;
  const { wantsBytes, named, ...wanted } = asked;
  const ids = idempotencyKeyOf(key, { incoming, caller, wanted });
  const made = await answerOnce(plane.deduplicator, ids, async () => {
    const generated = await run(job);
    return endOf(generated, shape.write(generated, requestId));
  });
  try {
    return await inForm(job, made.answer, true);
  } catch (cause) {
    const isForgotten = made.isReplay && cause instanceof Problem && cause.code === 'image-unreadable';
    throw isForgotten ? refusalOf('forgotten', made.headers, cause) : cause;
  }
}

function endOf({ ending }: Generated, response: Answer): End<Answer> {
  const hasBytes = ending.kind === 'done' && ending.result.images.some(({ url }) => url.startsWith('data:'));
  const kept: Answer | undefined = hasBytes ? { ...response, body: '', isGiven: true } : undefined;
  const state =
    ending.kind === 'done' || ending.kind === 'refused' ? 'done' : ending.kind === 'unknown' ? 'unknown' : 'nothing';
  return { state, status: response.status, response, ...(kept && { kept }) };
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
    ...(generated.pinned && { pinned: [...generated.pinned] }),
    ...(generated.dropped && { dropped: [...generated.dropped] }),
    ...(generated.mapped && { mapped: [...generated.mapped] }),
  };
  return json(200, answer, headers);
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
