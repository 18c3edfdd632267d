import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { falMessage } from './fal-signature';

/** What signs messages in FAL's way, and what they are verified by. */
export interface OwnKey {
  readonly privateKey: KeyObject;
  readonly jwk: Readonly<Record<'kty' | 'crv' | 'x' | 'kid' | 'use' | 'alg', string>>;
}

/** The header of PKCS #8 before the 32 bytes of an Ed25519 key. */
const start = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key that a seed makes, the same in every process. */
export function ownKeyOf(seed: Uint8Array): OwnKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([start, seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const kid = createHash('sha256').update(x).digest('base64url').slice(0, 16);
  return { privateKey, jwk: { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' } };
}

interface ToSign {
  readonly requestId: string;
  readonly userId: string;
  readonly nowMs: number;
  readonly body: string;
}

export function falHeaders({ privateKey }: OwnKey, { requestId, userId, nowMs, body }: ToSign): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const message = falMessage(requestId, userId, timestamp, Buffer.from(body));
  return {
    'x-fal-webhook-request-id': requestId,
    'x-fal-webhook-user-id': userId,
    'x-fal-webhook-timestamp': timestamp,
    'x-fal-webhook-signature': sign(null, message, privateKey).toString('hex'),
  };
}
