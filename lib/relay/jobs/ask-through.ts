import type { Provider, Streams } from '@/lib/gateway/providers/provider';
import type { AnswerSink, StreamBody } from '@/lib/gateway/providers/relay/stream-call';
import type { Dialect } from '@/lib/registry/dialects/dialect';
import type { Asked } from './ask';
import { type Ask, jobCallsOf } from './follow';
import { HeldAnswer } from './held-answer';

/** The provider of a relay, with what follows its jobs. */
export function withJobs(provider: Provider, dialect: Dialect): Provider {
  const { streams } = provider;
  if (!streams || dialect.creates.length === 0) return provider;
  return { ...provider, jobs: jobCallsOf(dialect, provider.name, askThrough(streams)) };
}

/** Our own questions go as a caller's do: with the same key, headers and signature. */
export function askThrough(streams: Streams): Ask {
  return async (asked, deadline) => {
    const answer = new HeldAnswer(nowhere);
    const { method, path, search } = asked;
    const call = { method, path, search, headers: headersOf(asked), body: bodyOf(asked), answer, model: 'job' };
    const result = await streams.stream(call, deadline);
    const { bytes } = answer.copied;
    if (answer.status !== null && bytes !== null) {
      const retryAfterMs = result.ok ? null : result.retryAfterMs;
      return { status: answer.status, text: Buffer.from(bytes).toString('utf8'), retryAfterMs };
    }
    if (result.ok) return { status: null, errorKind: 'malformed', message: 'its answer is longer than what is read' };
    return { status: null, errorKind: result.errorKind, message: result.message };
  };
}

function headersOf({ body, headers = {} }: Asked): readonly string[] {
  const usual = ['accept', 'application/json', 'accept-encoding', 'identity', ...Object.entries(headers).flat()];
  if (body === null) return usual;
  return [...usual, 'content-type', 'application/json', 'content-length', String(Buffer.byteLength(body))];
}

function bodyOf({ body }: Asked): StreamBody | null {
  if (body === null) return null;
  const bytes = Buffer.from(body);
  return {
    ...{ length: bytes.length, isUntouched: true, isWhole: true, isAwaited: false, waitedMs: 0 },
    async *chunks() {
      yield bytes;
    },
    atOnce: () => bytes,
    hasRoom: async () => true,
    whole: async () => bytes,
    discard: () => undefined,
  };
}

const nowhere: AnswerSink = {
  isGone: false,
  onGone: () => undefined,
  ready: () => undefined,
  begin: () => undefined,
  write: () => true,
  drained: (then) => then(),
  end: () => undefined,
  break: () => undefined,
};
