import { nextDoor } from '@/lib/doors/next-door';
import { findEntry } from '@/lib/process/find-entry';

/** Seconds, on a serverless host: a request may wait for a provider so long. */
export const maxDuration = 60;

/** Every route below /v1, and OpenAI's words for what is none. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = nextDoor(findEntry);
