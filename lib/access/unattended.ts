import type { Head } from '@/lib/http/message';

/** What a page sends with requests that it makes by itself, while nobody touches it. */
const unattendedHeader = 'sluice-unattended';

/** Whether nobody is known to be there: such a request may be answered, and keeps no session open. */
export function isUnattended(head: Head): boolean {
  return head.header(unattendedHeader) === '1';
}

export function unattended(head: Head): Head {
  return { ...head, header: (name) => (name === unattendedHeader ? '1' : head.header(name)) };
}
