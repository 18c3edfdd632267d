import type { Head } from '@/lib/http/message';

export const sessionSeconds = 12 * 3600;

/** A `__Host-` cookie needs https; loopback has none and needs none, because its traffic leaves no machine. */
function cookieName(head: Head): string {
  return isSecure(head) ? '__Host-sluice' : 'sluice';
}

export function sessionCookie(head: Head): string | null {
  const name = cookieName(head);
  for (const part of (head.header('cookie') ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

export function setCookie(head: Head, value: string): string {
  return `${cookieName(head)}=${value}; ${attributes(head)}; Max-Age=${sessionSeconds}`;
}

export function clearCookie(head: Head): string {
  return `${cookieName(head)}=; ${attributes(head)}; Max-Age=0`;
}

function attributes(head: Head): string {
  return `Path=/; HttpOnly; SameSite=Strict${isSecure(head) ? '; Secure' : ''}`;
}

function isSecure(head: Head): boolean {
  const host = (head.header('host') ?? '').replace(/:\d+$/, '');
  const onLoopback = host === 'localhost' || host === '[::1]' || host.startsWith('127.');
  return head.header('x-forwarded-proto') === 'https' || !onLoopback;
}
