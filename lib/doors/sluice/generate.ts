import { hash } from 'node:crypto';
import type { z } from 'zod';
import type { generateAnswer } from '@/lib/api/answers/data-plane';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { End } from '@/lib/gateway/request/deduplicate';
import type { Ending, Generated } from '@/lib/gateway/request/ending';
import { generate } from '@/lib/gateway/request/generate';
import { parseJson } from '@/lib/http/body/read-body';
import type { Incoming, Outgoing } from '@/lib/http/message';
import { Problem, problemResponse } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import type { Caller } from '@/lib/registry/callers/caller';
import type { CallerHandler } from '../callers';
import { readGenerate, textFault, type Wanted } from './generate-request';

/** An answer as it is stored under an idempotency key: everything but what belongs to this one delivery. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Asked = Wanted & { readonly wantsBytes?: boolean };

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
    read: (body) => readGenerate(body, plane.modelFault),
    write: respond,
  };
  return (incoming, caller) => handleGenerate(plane, shape, incoming, caller);
}

export async function handleGenerate(
  plane: DataPlane,
  shape: Shape,
  incoming: Incoming,
  caller: Caller,
): Promise<Outgoing> {
  const asked = shape.read(parseJson(incoming).value);
  const awake = plane.wake();
  if (awake) await awake;
  const { requestId } = incoming;
  const job: Job = { plane, shape, asked, requestId, caller: caller.name };
  const key = incoming.header('idempotency-key');
  if (key !== null) return deduplicated(job, key, incoming.path);
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
  readonly requestId: string;
  readonly caller: string;
}

async function run(job: Job): Promise<Generated> {
  const { plane, asked, requestId, caller } = job;
  const { user, prompt, model, width, height, n } = asked;
  const bytes = bytesOf(job);
  if (bytes) await bytes.hasRoom(n);
  const generated = await generate(plane.generate, { prompt, model, width, height, n, requestId, caller }, user);
  const { ending } = generated;
  if (ending.kind === 'done') plane.recent.add(requestId, { provider: ending.result.provider, caller });
  return generated;
}

async function deduplicated(job: Job, key: string, path: string): Promise<Outgoing> {
  const fault = textFault(key, 255);
  if (fault) throw new Problem(422, 'idempotency-key-invalid', `The Idempotency-Key ${fault}.`);
  const { plane, shape, asked, requestId } = job;
  const { wantsBytes, ...wanted } = asked;
  // The key is the caller's, by whatever header the caller was known.
  const keyHash = digest(job.caller, key);
  const ids = { keyHash, bodyHash: digest(path, JSON.stringify(wanted)), requestId };
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

type NotAnswered = 'mismatch' | 'running' | 'unknown' | 'forgotten';

function refusalOf(kind: NotAnswered, headers: Record<string, string>, cause?: unknown): Problem {
  if (kind === 'mismatch') {
    const detail = 'This Idempotency-Key was used with another body; use a new key for a new request.';
    return new Problem(422, 'idempotency-mismatch', detail, { headers });
  }
  if (kind === 'running') {
    const detail = 'The first request with this Idempotency-Key is still running; ask again in a moment.';
    return new Problem(409, 'still-running', detail, { headers: { ...headers, 'retry-after': '1' } });
  }
  if (kind === 'forgotten') {
    const detail =
      'The image of this Idempotency-Key was made, and its answer cannot be given again: its bytes are not kept, and ' +
      'they could not be read from its address. It is not made again: use a new key to do so.';
    return new Problem(409, 'replay-unavailable', detail, { headers, cause });
  }
  const detail =
    'The first request with this Idempotency-Key ended without a known outcome; the provider may have made the image. ' +
    'It is not submitted again: use a new key to do so.';
  return new Problem(409, 'outcome-unknown', detail, { headers, members: { outcome: 'unknown' } });
}

/** The answer in our own shape. */
function respond(generated: Generated, requestId: string): Answer {
  const { ending } = generated;
  const headers = { 'x-request-id': requestId, 'server-timing': serverTiming(generated) };
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

type Headers = Readonly<Record<string, string>>;

/** Why a request got no image, for its caller: who did not do what, and whether to ask again. */
export function problemOf({ ending, attempts, weightsVersion }: Generated, headers: Headers): Problem {
  const members = { attempts, weights_version: weightsVersion };
  switch (ending.kind) {
    case 'refused': {
      const detail = `${ending.provider} refused the prompt by its content policy: ${ending.message}`;
      return new Problem(422, 'content-policy', detail, { members, headers });
    }
    case 'unknown':
      return unknownOutcome(ending, { members: { ...members, outcome: 'unknown' }, headers });
    case 'failed': {
      const detail = `${ending.provider} failed (${ending.errorKind}): ${ending.message}`;
      return new Problem(502, 'provider-failed', detail, { members, headers });
    }
    case 'local':
      return ownFault(ending, members, headers);
    default: {
      const seconds = 'retryAfterMs' in ending ? Math.ceil(ending.retryAfterMs / 1000) : 1;
      const detail =
        'noKeys' in ending
          ? 'No provider key is set (FAL_KEY, RUNWARE_API_KEY).'
          : `No provider can make an image now; try again in ${seconds} s.`;
      const retry = { ...headers, 'retry-after': String(seconds) };
      return new Problem(503, 'all-providers-unavailable', detail, { members, headers: retry });
    }
  }
}

/** A timeout is only what our own deadline ended; everything else says what came instead, and is no 504. */
function unknownOutcome(ending: Extract<Ending, { kind: 'unknown' }>, extra: Problem['extra']): Problem {
  const { provider, message } = ending;
  if (ending.errorKind === 'timeout') {
    const detail = `${provider} was called and did not answer whole: ${message}. The outcome is unknown; it is not submitted again.`;
    return new Problem(504, 'provider-timeout', detail, extra);
  }
  const detail =
    `${provider} was called, and no usable answer came back: ${message}. It may have made, and billed, the image, so ` +
    'nobody else was asked and it is not submitted again.';
  return new Problem(502, 'provider-outcome-unknown', detail, extra);
}

const ownFaults: Readonly<Record<string, { readonly code: string; readonly retryAfter: number }>> = {
  queue_timeout: { code: 'connections-full', retryAfter: 5 },
  cut: { code: 'shutting-down', retryAfter: 1 },
  local: { code: 'local-fault', retryAfter: 2 },
};

/** No provider is to blame, and nothing was sent: asking again is safe. */
function ownFault(ending: Extract<Ending, { kind: 'local' }>, members: object, headers: Headers): Problem {
  const { code, retryAfter } = ownFaults[ending.errorKind] ?? { code: 'local-fault', retryAfter: 2 };
  const detail = `Nothing was sent to ${ending.provider}: ${ending.message}. Try again in ${retryAfter} s.`;
  const retry = { ...headers, 'retry-after': String(retryAfter) };
  return new Problem(503, code, detail, { members: { ...members }, headers: retry });
}

export function serverTiming({ attempts, latencyMs }: Generated): string {
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
