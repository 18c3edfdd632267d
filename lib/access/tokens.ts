import { createHash, randomBytes } from 'node:crypto';

/** High-entropy tokens: 256 random bits, so a plain digest is enough to keep. */
export const tokens = {
  issue: (prefix: 'slo' | 'sls' | 'sll' | 'sli'): string => `${prefix}_${randomBytes(32).toString('base64url')}`,
  digest: (token: string): string => createHash('sha256').update(token).digest('hex'),
};
