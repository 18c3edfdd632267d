import type { Actor } from '@/lib/operations/ports';
import { adminName } from '@/lib/operations/sign-in';
import { bearerOf, secretsEqual } from './constant-time';
import type { Authenticator } from './guard';

const admin: Actor = { name: adminName, role: 'admin' };

/** `Authorization: Bearer $SLUICE_ADMIN_TOKEN`: the one way to be known that needs no database. */
export function adminTokenAuthenticator(adminToken: string): Authenticator {
  return async (incoming) => {
    const token = bearerOf(incoming.header('authorization'));
    return token !== null && secretsEqual(token, adminToken) ? admin : null;
  };
}
