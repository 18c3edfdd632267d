import type { Written } from '@/lib/api/views';
import { versionTag } from '@/lib/http/if-match';
import type { Outgoing } from '@/lib/http/message';
import { json } from '@/lib/http/respond';

/** A write that landed: its version is also the ETag for the next one. */
export function writtenResponse(written: Written): Outgoing {
  return json(200, written, { etag: versionTag(written.version) });
}
