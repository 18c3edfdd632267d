import { largestImageBytes } from '@/lib/gateway/providers/fetch-image';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Place } from '@/lib/gateway/request/held-bytes';
import { base64Body } from '@/lib/http/body/base64-body';
import type { Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import type { Answer } from '../sluice/answer-once';

type Plane = Pick<DataPlane, 'fetchImage' | 'heldBytes' | 'generate'>;

/** How long an answer waits for room; then its caller had better ask again. */
const roomWithinMs = 5000;
const retryAfter = { 'retry-after': '5' };

const whyFull = 'this process holds as many bytes of images as it may, until their callers have read them';

/** An image and its base64 stand side by side while the answer is put together. */
const neededFor = (bytes: number) => Math.ceil((bytes * 7) / 3);

/** Waits for the room that n images may need, without taking it: it is not known yet what the provider makes. */
export async function hasRoom(plane: Plane, n: number): Promise<void> {
  const place = await roomFor(plane, n);
  if (place) return place.free();
  const detail = `No image was made: ${whyFull}. Try again in 5 s, or ask for response_format "url".`;
  throw new Problem(503, 'answers-full', detail, { headers: retryAfter });
}

/**
 * OpenAI's answer with the images' bytes in it, read from their addresses. Its room is taken before the first byte is
 * read, and given back when the caller has the last one.
 */
export async function withBytes(plane: Plane, answer: Answer, isKept: boolean): Promise<Outgoing> {
  const { created, data } = JSON.parse(answer.body) as { created: number; data: { url: string }[] };
  const urls = data.map(({ url }) => url);
  // Bytes that the provider sent are here already.
  if (urls.every(isBytes)) return { ...answer, body: base64Body(created, urls.map(bytesIn)) };
  const place = await roomFor(plane, urls.length);
  if (!place) throw fullOf(answer, urls, isKept);
  try {
    const body = base64Body(created, await readAll(plane, urls, place));
    place.keep(body.length);
    return { ...answer, body, release: place.free };
  } catch (cause) {
    place.free();
    throw unreadableOf(answer, urls, isKept, cause);
  }
}

const isBytes = (url: string) => url.startsWith('data:');
const bytesIn = (url: string) => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');

async function roomFor({ generate, heldBytes }: Plane, images: number): Promise<Place | null> {
  const deadline = generate.startDeadline(roomWithinMs);
  const place = await heldBytes.take(neededFor(images * largestImageBytes), deadline.signal);
  deadline.clear();
  return place;
}

/** Ends when all have ended: one that goes on being read would hold bytes outside its room. */
async function readAll(plane: Plane, urls: readonly string[], place: Place): Promise<Uint8Array[]> {
  const sizes = urls.map(() => largestImageBytes);
  const reads = urls.map(async (url, index) => {
    if (isBytes(url)) return bytesIn(url);
    return plane.fetchImage(url, (bytes) => {
      sizes[index] = bytes;
      place.keep(neededFor(sizes.reduce((sum, size) => sum + size, 0)));
    });
  });
  await Promise.allSettled(reads);
  return Promise.all(reads);
}

function fullOf(answer: Answer, urls: readonly string[], isKept: boolean): Problem {
  if (isKept) {
    const detail =
      `The image was made, and its bytes were not sent: ${whyFull}. Ask again with the same Idempotency-Key in 5 s, ` +
      'or for response_format "url"; it is not made again.';
    return new Problem(503, 'answers-full', detail, { headers: retryAfter });
  }
  const detail = `${makerOf(answer)} made the image, and its bytes were not sent: ${whyFull}. ${atItsAddress}`;
  return new Problem(503, 'answers-full', detail, { headers: onlyAddresses(urls) });
}

function unreadableOf(answer: Answer, urls: readonly string[], isKept: boolean, cause: unknown): Problem {
  const still = isKept ? 'response_format "url" still works.' : atItsAddress;
  const detail = `${makerOf(answer)} made the image, but its bytes could not be read; ${still}`;
  return new Problem(502, 'image-unreadable', detail, { cause, headers: isKept ? {} : onlyAddresses(urls) });
}

const makerOf = ({ headers }: Answer) => headers['x-sluice-provider'] ?? 'The provider';

const atItsAddress = 'x-sluice-images says where it is. Without an Idempotency-Key, asking again makes another.';

/** Nothing keeps this answer: sent again by itself, the request would make, and bill, another image. */
function onlyAddresses(urls: readonly string[]): Record<string, string> {
  return {
    'x-should-retry': 'false',
    'x-sluice-images': urls
      .filter((url) => !isBytes(url))
      .map((url) => new URL(url).href)
      .join(' '),
  };
}
