import { BlockList, isIP } from 'node:net';

// IANA special-purpose registries; 169.254.169.254 (cloud metadata) lies in link-local.
const v4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

// Inside 2000::/3 but not the public internet: Teredo and other 2001::/23, documentation, 6to4.
const v6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const closed = new BlockList();
for (const [address, prefix] of v4) closed.addSubnet(address, prefix, 'ipv4');
for (const [address, prefix] of v6) closed.addSubnet(address, prefix, 'ipv6');

const unicast = new BlockList();
unicast.addSubnet('2000::', 3, 'ipv6');

/** Public means: global unicast. IPv4 written inside IPv6 (mapped, NAT64) lies outside 2000::/3 and is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, 'ipv4');
  return family === 6 && unicast.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

// Where machines of a cloud read who they are and their keys; nothing else of use answers at a link-local address.
const metadata = new BlockList();
metadata.addSubnet('169.254.0.0', 16, 'ipv4');
metadata.addSubnet('fe80::', 10, 'ipv6');
metadata.addAddress('fd00:ec2::254', 'ipv6');
metadata.addAddress('100.100.100.200', 'ipv4');

/** Refused also where private addresses are let through. */
export function isMetadataAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && metadata.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** The host of a URL without the brackets that stand round an address of IPv6. */
export const bareHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** The address that a URL's host name spells out, brackets taken off; null when it is a name to be looked up. */
export function literalAddress(hostname: string): { readonly address: string; readonly isPublic: boolean } | null {
  const address = bareHost(hostname).replace(/\.$/, '');
  return isIP(address) === 0 ? null : { address, isPublic: isPublicAddress(address) };
}
