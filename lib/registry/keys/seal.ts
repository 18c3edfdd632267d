import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** Whose key it is: a sealed text that is moved to another row does not open there. */
interface KeyPlace {
  readonly provider: string;
  readonly version: number;
}

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const form = /^v1\.([\w-]{16})\.([\w-]{24,})$/;

/** AES-256-GCM; `v1.<nonce>.<text and tag>`. */
export function seal(secret: Uint8Array, place: KeyPlace, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, secret, nonce);
  sealing.setAAD(boundTo(place));
  const sealed = Buffer.concat([sealing.update(text, 'utf8'), sealing.final(), sealing.getAuthTag()]);
  return `v1.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
}

/** null when this secret did not seal it, or not for this place, or it was changed. */
export function unseal(secret: Uint8Array, place: KeyPlace, sealed: string): string | null {
  const [, nonce, body] = form.exec(sealed) ?? [];
  if (nonce === undefined || body === undefined) return null;
  const bytes = Buffer.from(body, 'base64url');
  try {
    const opening = createDecipheriv(cipher, secret, Buffer.from(nonce, 'base64url'), { authTagLength: tagBytes });
    opening.setAAD(boundTo(place));
    opening.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([opening.update(bytes.subarray(0, -tagBytes)), opening.final()]).toString('utf8');
  } catch {
    return null;
  }
}

/** Names a secret without telling anything of it. */
export function fingerprintOf(secret: Uint8Array): string {
  return createHmac('sha256', secret).update('sluice: fingerprint of the secret key').digest('hex').slice(0, 12);
}

function boundTo({ provider, version }: KeyPlace): Buffer {
  return Buffer.from(`sluice.provider_keys ${JSON.stringify([provider, version])}`);
}
