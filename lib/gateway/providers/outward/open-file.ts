import { request } from 'undici';
import { type OutwardOptions, outwardAgents } from './outward-agents';

/** A file that is larger is not passed on. */
export const largestFileBytes = 1024 * 1024 * 1024;
const headWithinMs = 20_000;
/** Between two pieces of it, while its reader waits for them. */
const stillMs = 30_000;
const withinMs = 30 * 60_000;

export interface OpenedFile {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** To be read, or cancelled: until then a connection is held for it. */
  readonly body: ReadableStream<Uint8Array>;
}

/** Throws where no answer comes, or the address is none that may be read. */
export type OpenFile = (url: string, headers: Readonly<Record<string, string>>) => Promise<OpenedFile>;

/** A file that a provider made, as it comes: no redirects, no more than 1 GB, nothing of it held here. */
export function fileOpener(options: OutwardOptions): OpenFile {
  const agentOf = outwardAgents(64, options);
  return async (url, headers) => {
    const answer = await request(url, {
      ...{ dispatcher: agentOf(url), headers, headersTimeout: headWithinMs, bodyTimeout: stillMs },
      signal: AbortSignal.timeout(withinMs),
    });
    // A body that is given up emits an error once more; without a listener that would end the process.
    answer.body.on('error', () => undefined);
    return { status: answer.statusCode, headers: answer.headers, body: bounded(answer.body) };
  };
}

type Pieces = AsyncIterable<Uint8Array> & { destroy(error?: Error): unknown };

function bounded(body: Pieces): ReadableStream<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  let size = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) return controller.close();
        size += value.length;
        if (size <= largestFileBytes) return controller.enqueue(value);
        body.destroy();
        controller.error(new Error(`the file is larger than ${largestFileBytes} bytes`));
      },
      cancel: () => void body.destroy(),
    },
    { highWaterMark: 0 },
  );
}
