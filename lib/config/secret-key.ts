import { secretFault } from './env-rules';

const bytesInKey = 32;

/** Why a text cannot be SLUICE_SECRET_KEY; null when it can. The value itself is never repeated. */
export function secretKeyFault(value: string): string | null {
  const fault = secretFault(value);
  if (fault !== null) return fault;
  const bytes = read(value);
  if (bytes === null) {
    return `must be ${bytesInKey} bytes, as 64 hexadecimal digits or in base64; make one with: openssl rand -hex 32`;
  }
  if (new Set(bytes).size < 8) return 'can be guessed: its bytes repeat; make one with: openssl rand -hex 32';
  return null;
}

/** The bytes of a text that `secretKeyFault` lets through. */
export function secretKeyBytes(value: string): Uint8Array {
  const bytes = read(value);
  if (bytes === null) throw new RangeError('not a secret key');
  return bytes;
}

function read(value: string): Buffer | null {
  if (/^[\da-f]{64}$/i.test(value)) return Buffer.from(value, 'hex');
  if (!/^[\w+/-]{43}=?$/.test(value)) return null;
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === bytesInKey ? bytes : null;
}
