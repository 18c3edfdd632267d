import { bearerOf, secretsEqual } from '@/lib/kernel/constant-time';
import type { Authenticator } from './guard';
import type { Actor } from './identity';
import { adminName } from './sign-in';

const admin: Actor = { name: adminName, role: 'admin' };

/** `Authorization: Bearer $SLUICE_ADMIN_TOKEN`: the one way to be known that needs no database. */
export function adminTokenAuthenticator(adminToken: string): Authenticator {
  return async (incoming) => {
    const token = bearerOf(incoming.header('authorization'));
    return token !== null && secretsEqual(token, adminToken) ? admin : null;
  };
}
