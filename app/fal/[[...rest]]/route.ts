import { nextDoor } from '@/lib/doors/next-door';
import { findEntry } from '@/lib/process/find-entry';

export const dynamic = 'force-dynamic';
/** Seconds, on a serverless host: a request may wait for a provider so long. */
export const maxDuration = 60;

/** Every route of FAL's door; what is not offered is refused in FAL's shape. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = nextDoor(findEntry);
