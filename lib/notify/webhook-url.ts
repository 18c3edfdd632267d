import { isIP } from 'node:net';
import { excerpt } from '@/lib/kernel/excerpt';
import { bareHost, isMetadataAddress, isPublicAddress, literalAddress } from '@/lib/kernel/private-address';

const longest = 2048;
/** No name in the DNS is longer. */
const longestHost = 253;
const localNames = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|localdomain|arpa|invalid|test)$/;

/** Why a text cannot be a webhook's address; null when only its name remains to be resolved. */
export function webhookUrlFault(text: string, allowPrivate: boolean): string | null {
  if (text.length > longest) return `the URL has ${text.length} characters; at most ${longest} are allowed`;
  if (/[\s\\\p{Cc}]/u.test(text)) return 'the URL holds a space, a backslash or a control character';
  if (!URL.canParse(text)) return `"${excerpt(text)}" is not a URL`;
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    return `the URL starts with ${url.protocol.slice(0, 32)}//; it must start with https://`;
  }
  if (url.hostname.length > longestHost) {
    return `the URL's host has ${url.hostname.length} characters; a name has ${longestHost} at most`;
  }
  if (url.username !== '' || url.password !== '') return 'the URL carries a user name or password; use the secret';
  return allowPrivate ? metadataFault(url.hostname) : hostFault(url.hostname, text);
}

function metadataFault(hostname: string): string | null {
  const address = literalAddress(hostname)?.address;
  if (address === undefined || !isMetadataAddress(address)) return null;
  return `the URL points to ${address}, where a cloud keeps the keys of its machines`;
}

function hostFault(hostname: string, text: string): string | null {
  const host = bareHost(hostname).replace(/\.$/, '');
  // The parser turns 0x7f.1, 2130706433 and 017700000001 into dotted quads; no honest URL is written so.
  if (isIP(host) === 4 && !text.includes(`//${host}`)) return `the URL spells the address ${host} in an odd way`;
  if (isIP(host) !== 0)
    return isPublicAddress(host) ? null : `the URL points to ${host}, which is not a public address`;
  if (!host.includes('.') || localNames.test(host)) return `the URL points to ${excerpt(host)}, a local name`;
  return null;
}
