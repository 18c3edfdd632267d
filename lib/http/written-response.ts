import type { Written } from '@/lib/operations/settle-write';
import { versionTag } from './if-match';
import { json, type Outgoing } from './message';

/** A write that landed: its version is also the ETag for the next one. */
export function writtenResponse(written: Written): Outgoing {
  return json(200, written, { etag: versionTag(written.version) });
}
