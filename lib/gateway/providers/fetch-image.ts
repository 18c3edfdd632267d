import { type Dispatcher, request } from 'undici';
import { excerpt } from '@/lib/kernel/excerpt';
import { type OutwardOptions, outwardAgents } from './outward/outward-agents';

/** An image that is larger is not read. */
export const largestImageBytes = 20 * 1024 * 1024;
const withinMs = 20_000;

/** `sized` is told how many bytes are coming, once that is known. */
export type FetchImage = (url: string, sized?: (bytes: number) => void) => Promise<Uint8Array>;

/** The bytes of an image that a provider made: no redirects, no more than 20 MB, one deadline for all of it. */
export function imageFetcher(options: OutwardOptions): FetchImage {
  const agentOf = outwardAgents(16, options);
  return async (url, sized = () => undefined) => fetchImage(url, sized, agentOf(url));
}

async function fetchImage(url: string, sized: (bytes: number) => void, dispatcher: Dispatcher): Promise<Uint8Array> {
  const { statusCode, headers, body } = await request(url, { dispatcher, signal: AbortSignal.timeout(withinMs) });
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
