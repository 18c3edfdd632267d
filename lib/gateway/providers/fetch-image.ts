import { type Dispatcher, request } from 'undici';
import type { Deadline } from '@/lib/kernel/deadline';
import { excerpt } from '@/lib/kernel/excerpt';
import { type OutwardOptions, outwardAgents } from './outward/outward-agents';

/** An image that is larger is not read. */
export const largestImageBytes = 20 * 1024 * 1024;
const withinMs = 20_000;

/** `sized` is told how many bytes are coming, once that is known; what is fetched for a request ends at its deadline. */
export type FetchImage = (url: string, sized?: (bytes: number) => void, deadline?: Deadline) => Promise<Uint8Array>;

/** The bytes of an image that a provider made: no redirects, no more than 20 MB, one deadline for all of it. */
export function imageFetcher(options: OutwardOptions): FetchImage {
  const agentOf = outwardAgents(16, options);
  return async (url, sized = () => undefined, deadline = undefined) => {
    const over = new AbortController();
    const end = () => over.abort(new Error('the time of the request was over'));
    if (deadline?.aborted) end();
    deadline?.addEventListener('abort', end);
    const signal = AbortSignal.any([AbortSignal.timeout(withinMs), over.signal]);
    try {
      return await fetchImage(url, sized, { dispatcher: agentOf(url), signal });
    } finally {
      deadline?.removeEventListener('abort', end);
    }
  };
}

interface Way {
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
}

async function fetchImage(url: string, sized: (bytes: number) => void, way: Way): Promise<Uint8Array> {
  const { statusCode, headers, body } = await request(url, way);
  // A body that is given up emits an error once more; without a listener that would end the process.
  body.on('error', () => undefined);
  const type = String(headers['content-type'] ?? '');
  if (statusCode !== 200 || !/^image\//i.test(type)) {
    body.destroy();
    throw new Error(`the image answered ${statusCode} with "${excerpt(type)}"`);
  }
  const announced = Number(headers['content-length'] ?? Number.NaN);
  if (announced <= largestImageBytes) sized(announced);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > largestImageBytes) throw new Error(`the image is larger than ${largestImageBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, size);
}
