import { Agent, request } from 'undici';
import { checkedLookup, PrivateAddress, type Resolve } from '@/lib/kernel/checked-lookup';
import { excerpt } from '@/lib/kernel/excerpt';
import { literalAddress } from '@/lib/kernel/private-address';

/** An image that is larger is not read. */
export const largestImageBytes = 20 * 1024 * 1024;
const withinMs = 20_000;

/** `sized` is told how many bytes are coming, once that is known. */
export type FetchImage = (url: string, sized?: (bytes: number) => void) => Promise<Uint8Array>;

interface ImageFetcherOptions {
  /** Base URLs of the providers there are now: a sandbox on loopback serves its own images there, and nothing else may. */
  readonly allowedOrigins: () => readonly string[];
  readonly resolve?: Resolve;
}

/**
 * The bytes of an image that a provider made: no redirects, no more than 20 MB, one deadline for all of it. The address
 * is the provider's word, so it must be a public one: what answers inside our network is not for callers to read.
 */
export function imageFetcher({ allowedOrigins, resolve }: ImageFetcherOptions): FetchImage {
  const connections = 16;
  const connect = { timeout: 5000 };
  const checked = new Agent({ connections, connect: { ...connect, lookup: checkedLookup(false, resolve) as never } });
  const free = new Agent({ connections, connect });
  return async (url, sized = () => undefined) => {
    const { origin, hostname } = new URL(url);
    if (allowedOrigins().some((allowed) => new URL(allowed).origin === origin)) return fetchImage(url, sized, free);
    // A socket asks no lookup for an address that is written out.
    const literal = literalAddress(hostname);
    if (literal && !literal.isPublic) throw new PrivateAddress(hostname, literal.address);
    return fetchImage(url, sized, checked);
  };
}

async function fetchImage(url: string, sized: (bytes: number) => void, dispatcher: Agent): Promise<Uint8Array> {
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
