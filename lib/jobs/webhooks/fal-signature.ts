import { createHash, type KeyObject, verify } from 'node:crypto';

interface Signed {
  header(name: string): string | null;
  readonly body: Uint8Array | null;
}

/** So far FAL's clock and ours may be apart, and so old a message may be. */
const mostSkewSeconds = 300;

/** What FAL signs: four lines, the last of which is the digest of the body as it came. */
export function falMessage(requestId: string, userId: string, timestamp: string, body: Uint8Array | null): Buffer {
  const digest = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  return Buffer.from([requestId, userId, timestamp, digest].join('\n'));
}

/** Why a message is not FAL's; null when one of its keys has signed it, just now. */
export function falSignatureFault(signed: Signed, keys: readonly KeyObject[], nowMs: number): string | null {
  const [requestId, userId, timestamp, signature] = ['Request-Id', 'User-Id', 'Timestamp', 'Signature'].map((name) =>
    signed.header(`x-fal-webhook-${name.toLowerCase()}`),
  );
  if (!requestId || !userId || !timestamp || !signature) return 'it is not signed';
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowMs / 1000 - Number(timestamp)) > mostSkewSeconds)
    return `it was signed more than ${mostSkewSeconds} s from now`;
  if (!/^[0-9a-f]{128}$/i.test(signature)) return 'its signature is none';
  const message = falMessage(requestId, userId, timestamp, signed.body);
  const isSigned = keys.some((key) => verify(null, message, key, Buffer.from(signature, 'hex')));
  return isSigned ? null : 'none of the known keys has signed it';
}
