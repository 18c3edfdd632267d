import { nextDoor } from '@/lib/doors/next-door';
import { findEntry } from '@/lib/process/find-entry';

export const dynamic = 'force-dynamic';
/** Seconds, on a serverless host: a request waits for a provider, and a page listens to the stream, so long. */
export const maxDuration = 60;

/** Every route below /api, by the table of routes. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = nextDoor(findEntry);
