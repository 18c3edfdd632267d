import { Agent, type Dispatcher } from 'undici';
import { checkedLookup, PrivateAddress, type Resolve } from '@/lib/kernel/checked-lookup';
import { literalAddress } from '@/lib/kernel/private-address';

export interface OutwardOptions {
  /** Base URLs of the providers there are now: a sandbox on loopback serves its own files there, and nothing else may. */
  readonly allowedOrigins: () => readonly string[];
  readonly resolve?: Resolve | undefined;
}

/**
 * By which connections an address is read that a provider named. It must be a public one: what answers inside our
 * network is not for callers to read. Throws for one that is written out and is not.
 */
export function outwardAgents(
  connections: number,
  { allowedOrigins, resolve }: OutwardOptions,
): (url: string) => Dispatcher {
  const connect = { timeout: 5000 };
  const checked = new Agent({ connections, connect: { ...connect, lookup: checkedLookup(false, resolve) as never } });
  const free = new Agent({ connections, connect });
  return (url) => {
    const { origin, hostname } = new URL(url);
    if (allowedOrigins().some((allowed) => new URL(allowed).origin === origin)) return free;
    // A socket asks no lookup for an address that is written out.
    const literal = literalAddress(hostname);
    if (literal && !literal.isPublic) throw new PrivateAddress(hostname, literal.address);
    return checked;
  };
}
