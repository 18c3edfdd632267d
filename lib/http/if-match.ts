import { excerpt } from '@/lib/kernel/excerpt';
import type { Head } from './message';
import { Problem } from './problem';

/** The version a write was made against: `If-Match: "41"`, one strong tag with an integer in it. `readAt` answers it. */
export function ifMatch(head: Head, readAt: string): number {
  const version = optionalIfMatch(head);
  if (version === null) {
    throw new Problem(428, 'version-missing', `Send If-Match: "<version>" with the version of GET ${readAt}.`);
  }
  return version;
}

export function optionalIfMatch(head: Head): number | null {
  const header = head.header('if-match');
  if (header === null) return null;
  const version = Number(/^\s*"(0|[1-9]\d{0,15})"\s*$/.exec(header)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(version)) {
    const shown = JSON.stringify(excerpt(header));
    throw new Problem(400, 'if-match-malformed', `If-Match is ${shown}; it must be one quoted integer, such as "41".`);
  }
  return version;
}

export const versionTag = (version: number): string => `"${version}"`;
