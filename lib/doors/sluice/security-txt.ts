import type { Env } from '@/lib/config/env';
import type { Handler } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';

export const securityTxtPath = '/.well-known/security.txt';
const dayMs = 24 * 60 * 60 * 1000;
/** RFC 9116 advises less than a year: long enough for those who keep a copy, short enough to notice a dead address. */
const validDays = 90;

/** Whom to tell about a hole (RFC 9116). Without a contact there is no such file: an invented address would swallow reports. */
export function securityTxtHandler(
  { SLUICE_SECURITY_CONTACT, SLUICE_PUBLIC_URL }: Pick<Env, 'SLUICE_SECURITY_CONTACT' | 'SLUICE_PUBLIC_URL'>,
  now: () => number,
): Handler {
  return async () => {
    if (SLUICE_SECURITY_CONTACT.length === 0) {
      const detail =
        'Nobody is named here to report a vulnerability to: the operator has set no SLUICE_SECURITY_CONTACT.';
      throw new Problem(404, 'no-security-contact', detail);
    }
    const lines = [
      ...SLUICE_SECURITY_CONTACT.map((contact) => `Contact: ${contact}`),
      `Expires: ${expires(now())}`,
      'Preferred-Languages: en, zh',
      ...(SLUICE_PUBLIC_URL?.startsWith('https:') ? [`Canonical: ${SLUICE_PUBLIC_URL}${securityTxtPath}`] : []),
    ];
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=3600' };
    return { status: 200, headers, body: `${lines.join('\n')}\n` };
  };
}

/** Midnight, so that every process says the same. */
function expires(nowMs: number): string {
  const day = Math.floor(nowMs / dayMs) + validDays;
  return new Date(day * dayMs).toISOString().replace('.000Z', 'Z');
}
