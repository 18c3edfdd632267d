import { createHash, randomBytes } from 'node:crypto';
import type { Tokens } from './identity';

export const tokens: Tokens = {
  issue: (prefix) => `${prefix}_${randomBytes(32).toString('base64url')}`,
  digest: (token) => createHash('sha256').update(token).digest('hex'),
};
