import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Place } from '@/lib/gateway/request/held-bytes';
import type { Arriving } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';

/** Most requests are far below this, and never wait. */
const smallBytes = 64 * 1024;
/** A body, its text, and what leaves for the provider stand side by side. */
const copies = 3;
const roomWithinMs = 5000;

/**
 * The room of a large body, taken before its first byte is read; `keep` gives back what it did not need. null: it needs
 * none. A body that does not say its length may be as large as its route reads.
 */
export function requestRoom(
  plane: Pick<DataPlane, 'heldRequests' | 'generate'>,
  arriving: Pick<Arriving, 'header' | 'method'>,
  limitBytes: number,
): Promise<Place> | null {
  if (limitBytes <= smallBytes || arriving.method === 'GET' || arriving.method === 'HEAD') return null;
  const said = Number(arriving.header('content-length') ?? limitBytes);
  const bytes = said >= 0 ? Math.min(said, limitBytes) : limitBytes;
  return bytes <= smallBytes ? null : placeOf(plane, bytes);
}

async function placeOf(
  { heldRequests, generate }: Pick<DataPlane, 'heldRequests' | 'generate'>,
  bytes: number,
): Promise<Place> {
  const deadline = generate.startDeadline(roomWithinMs);
  const place = await heldRequests.take(bytes * copies, deadline.signal);
  deadline.clear();
  if (place) return { keep: (kept) => place.keep(kept * copies), free: place.free };
  const detail =
    'The body was not read: this process holds as many bytes of large requests as it may. Try again in 5 s.';
  throw new Problem(503, 'requests-full', detail, { headers: { 'retry-after': '5' } });
}
