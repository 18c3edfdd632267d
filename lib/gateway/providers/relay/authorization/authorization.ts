import { authorizationOf, keyFault as klingKeyFault } from '../../kling/authorization';
import type { RelayAuth } from '../options';
import type { RelayAuthorization, Unsigned } from './credentials';
import { unkeyedBy, withParameter } from './query-key';
import { volcSigner } from './volc-signature';

/** Why a key cannot be used by this scheme; null: it can. */
export function relayKeyFault(key: string, { scheme }: RelayAuth): string | null {
  if (scheme === 'kling-jwt') return klingKeyFault(key);
  if (scheme === 'volc-signature' && !/^[^:]+:[^:]+$/.test(key)) {
    return 'its key must be "ACCESS:SECRET", the access key and the secret key with one ":" between them';
  }
  return null;
}

export function relayAuthorization(key: string, auth: RelayAuth, nowMs: () => number = Date.now): RelayAuthorization {
  const plain = { signsBody: false, forget: () => undefined };
  switch (auth.scheme) {
    case 'none':
      return { ...plain, header: null, credentials: ({ search }) => ({ search, headers: [] }) };
    case 'bearer': {
      const headers = ['authorization', `Bearer ${key}`];
      return { ...plain, header: 'authorization', credentials: ({ search }) => ({ search, headers }) };
    }
    case 'header': {
      const name = (auth.name ?? 'authorization').toLowerCase();
      const headers = [name, key];
      return { ...plain, header: name, credentials: ({ search }) => ({ search, headers }) };
    }
    case 'query': {
      const name = auth.name ?? 'key';
      const credentials = ({ search }: Unsigned) => ({ search: withParameter(search, name, key), headers: [] });
      return { ...plain, header: null, credentials, unkeyed: unkeyedBy(name, key) };
    }
    case 'kling-jwt': {
      const authorization = authorizationOf(key, nowMs);
      return {
        ...{ signsBody: false, header: 'authorization', forget: () => authorization.forget() },
        credentials: ({ search }) => ({ search, headers: ['authorization', authorization.header()] }),
      };
    }
    case 'volc-signature':
      return volcSigner(key, auth, nowMs);
  }
}
