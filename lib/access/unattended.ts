import type { Head } from '@/lib/http/message';

/** What a page sends with requests that it makes by itself, without a person at it. */
const unattendedHeader = 'sluice-unattended';

/** Whether the page sent the request by itself: it is answered, and keeps no session open. */
export function isUnattended(head: Head): boolean {
  return head.header(unattendedHeader) === '1';
}

export function unattended(head: Head): Head {
  return { ...head, header: (name) => (name === unattendedHeader ? '1' : head.header(name)) };
}
