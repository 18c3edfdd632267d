import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Accepted } from '@/lib/gateway/providers/job-calls';
import { failure, readable } from '@/lib/gateway/providers/outcome';
import type { ProviderResult } from '@/lib/gateway/providers/provider';
import type { CreateRule, Dialect, Pointer } from '@/lib/registry/dialects/dialect';
import { answerJson } from '../body/answer-json';
import { type Captures, keptOf } from '../dialect';
import { textsAt } from '../pointer';
import { isWell } from '../read-answer';
import { nameOf } from './ask';

/** What a create was, for its row. */
interface Creating {
  readonly dialect: Dialect;
  readonly rule: CreateRule;
  readonly captures: Captures;
  readonly prefix: string;
  /** What its body gives that it takes to ask for the job; undefined: it was not read. */
  readonly body: unknown;
}

/** A copy of an answer on its way; null: it is longer than what is held. */
export interface Copied {
  readonly bytes: Uint8Array | null;
  readonly encoding: string;
}

const longestId = 512;
const mostUnpacked = 4 * 1024 * 1024;

/**
 * What an answer that is well says of the job that it began. Without an id that can be read the answer passes all the
 * same, and the job cannot be followed: it is untracked. An envelope that says no is a refusal, whatever its status.
 */
export function readCreate(creating: Creating, result: ProviderResult, copied: Copied): ProviderResult {
  const { dialect, rule, captures, prefix } = creating;
  const names = { ...captures, ...keptOf(rule, creating.body) };
  return readMade({ dialect, id: rule.id, upstream: { prefix, rule: nameOf(rule), names } }, result, copied);
}

interface Made {
  readonly dialect: Dialect;
  readonly id: readonly Pointer[];
  readonly upstream: Accepted['upstream'];
}

/** The same, by whatever rule it was made. */
export function readMade({ dialect, id, upstream }: Made, result: ProviderResult, copied: Copied): ProviderResult {
  if (!result.ok) return result;
  const body = bodyOf(copied);
  if (dialect.reading && body !== undefined && !isWell(dialect.reading, body)) return refused(result, dialect, body);
  const [upstreamId] = id.flatMap((at) => textsAt(body, at));
  if (upstreamId === undefined || upstreamId.length > longestId) return result;
  return { ...result, accepted: { upstreamId, upstream }, providerRequestId: upstreamId.slice(0, 128) };
}

function refused(result: ProviderResult, dialect: Dialect, body: unknown): ProviderResult {
  const { provider, model, latencyMs, providerRequestId } = result;
  const said = dialect.reading?.error.flatMap((at) => textsAt(body, at))[0] ?? 'without a reason';
  const message = `its answer says that it is not well: ${readable(said, null)}`;
  const facts = { provider, model, latencyMs, providerRequestId };
  const made = failure(facts, { errorKind: 'rejected', message, httpStatus: 200, started: 'no' });
  return { ...made, isPassed: true };
}

export function bodyOf({ bytes, encoding }: Copied): unknown {
  if (bytes === null) return undefined;
  const plain = unpacked(bytes, encoding);
  return plain === null ? undefined : answerJson(Buffer.from(plain).toString('utf8'));
}

function unpacked(bytes: Uint8Array, encoding: string): Uint8Array | null {
  const bounds = { maxOutputLength: mostUnpacked };
  try {
    if (encoding === '' || encoding === 'identity') return bytes;
    if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(bytes, bounds);
    if (encoding === 'br') return brotliDecompressSync(bytes, bounds);
    return encoding === 'deflate' ? inflateSync(bytes, bounds) : null;
  } catch {
    return null;
  }
}
