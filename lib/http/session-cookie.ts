import type { Incoming } from './message';

export const sessionSeconds = 12 * 3600;

/** A `__Host-` cookie needs https; on loopback there is none, and nobody to listen in. */
export function cookieName(incoming: Incoming): string {
  return isSecure(incoming) ? '__Host-sluice' : 'sluice';
}

export function sessionCookie(incoming: Incoming): string | null {
  const name = cookieName(incoming);
  for (const part of (incoming.header('cookie') ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

export function setCookie(incoming: Incoming, value: string): string {
  return `${cookieName(incoming)}=${value}; ${attributes(incoming)}; Max-Age=${sessionSeconds}`;
}

export function clearCookie(incoming: Incoming): string {
  return `${cookieName(incoming)}=; ${attributes(incoming)}; Max-Age=0`;
}

function attributes(incoming: Incoming): string {
  return `Path=/; HttpOnly; SameSite=Strict${isSecure(incoming) ? '; Secure' : ''}`;
}

function isSecure(incoming: Incoming): boolean {
  const host = (incoming.header('host') ?? '').replace(/:\d+$/, '');
  const onLoopback = host === 'localhost' || host === '[::1]' || host.startsWith('127.');
  return incoming.header('x-forwarded-proto') === 'https' || !onLoopback;
}
