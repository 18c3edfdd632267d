import { createHmac } from 'node:crypto';

const goodForSeconds = 1800;
/** Made anew some minutes before it ends: it must outlast the call that it goes with. */
const usedForSeconds = 1500;
/** Clocks differ. */
const earlierSeconds = 5;

interface Authorization {
  header(): string;
  /** What was refused is not sent again. */
  forget(): void;
}

/** A text of the vendor's without the tokens in it. */
export const withoutTokens = (text: string): string => text.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '…');

/** Why a key is neither "ACCESS:SECRET" nor an API key; null when it is one of them. */
export function keyFault(key: string): string | null {
  if (/^[^:]+(?::[^:]+)?$/.test(key)) return null;
  return 'its key must be "ACCESS:SECRET", the access key and the secret key with one ":" between them, or an API key without ":"';
}

/** An API key goes as it is; of an access key and its secret a token is made, and used for 25 minutes. */
export function authorizationOf(key: string, nowMs: () => number = Date.now): Authorization {
  const [access = '', secret] = key.split(':');
  if (secret === undefined) {
    return { header: () => `Bearer ${key}`, forget: () => undefined };
  }
  let made: { readonly token: string; readonly atSeconds: number } | null = null;
  return {
    header() {
      const now = Math.floor(nowMs() / 1000);
      // A clock that was set back makes a token of the future, which is refused.
      const isFresh = made !== null && now >= made.atSeconds && now - made.atSeconds < usedForSeconds;
      if (!made || !isFresh) made = { token: signed(access, secret, now), atSeconds: now };
      return `Bearer ${made.token}`;
    },
    forget() {
      made = null;
    },
  };
}

function signed(access: string, secret: string, now: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: access, exp: now + goodForSeconds, nbf: now - earlierSeconds };
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
