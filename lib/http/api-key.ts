import { bearerOf, secretsEqual } from './constant-time';
import type { Incoming } from './message';
import { Problem } from './problem';

/** Callers of the data plane. Without keys configured (loopback only, see the environment) everybody is one. */
export function requireApiKey(incoming: Incoming, keys: readonly string[]): void {
  if (keys.length === 0) return;
  const given = bearerOf(incoming.header('authorization')) ?? incoming.header('x-api-key') ?? '';
  if (keys.filter((key) => secretsEqual(given, key)).length > 0) return;
  throw new Problem(401, 'api-key', 'Send Authorization: Bearer <key> with one of SLUICE_API_KEYS.', {
    headers: { 'www-authenticate': 'Bearer realm="sluice"' },
  });
}
