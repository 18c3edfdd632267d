import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isMetadataAddress, isPublicAddress } from './private-address';

export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export class PrivateAddress extends Error {
  constructor(hostname: string, address: string) {
    super(`${hostname} resolves to ${address}, which is not a public address`);
    this.name = 'PrivateAddress';
  }
}

type Callback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * A lookup for the socket itself: the address it hands over is the one that was checked, so a name that changes its
 * answer between check and connect (DNS rebinding) gains nothing. One private answer refuses them all.
 */
export function checkedLookup(allowPrivate: boolean, resolve: Resolve = lookup) {
  return (hostname: string, options: LookupOptions, callback: Callback): void => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const bad = addresses.find(({ address }) =>
        allowPrivate ? isMetadataAddress(address) : !isPublicAddress(address),
      );
      if (bad) return callback(new PrivateAddress(hostname, bad.address), []);
      const [first] = addresses;
      if (!first) return callback(new Error(`${hostname} has no address`), []);
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}
