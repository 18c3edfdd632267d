import { createHash, timingSafeEqual } from 'node:crypto';

/** Equal secrets, told in a time that depends on neither: hashing first makes the lengths equal. */
export function secretsEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected)) && given.length > 0;
}

/** The token of `Authorization: Bearer …`; null when there is none. */
export function bearerOf(authorization: string | null): string | null {
  return /^Bearer[ \t]+(\S+)[ \t]*$/i.exec(authorization ?? '')?.[1] ?? null;
}
